-- Purpose: the terms of what a patrol did on its way stand on the page of promises.
-- Risk: none, two rows.

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('patrol_rounds', 175, 'patrols:retain', 'term', '90 days', null, null,
    '{"zh": "义务巡逻：出发前核对、经过了哪些巡更点（只到网格和分钟，不记是谁）", "en": "Volunteer patrols: checklists, and checkpoints passed (grid and minute, nobody''s name)"}', '{"zh": "班次结束九十天后删除", "en": "Deleted 90 days after the shift"}',
    '{"zh": "派出所要知道巡逻走到了哪些地方", "en": "The station knows where patrols have been"}'),
  ('patrol_summaries', 176, 'patrols:retain', 'term', '1 year', null, null,
    '{"zh": "义务巡逻小结的文字（加密保存）", "en": "Words of a patrol''s report (sealed)"}', '{"zh": "一年后删除，只留有过小结和发现几处", "en": "Deleted after a year; that there was one, and how many findings, stays"}',
    '{"zh": "派出所要跟进巡逻中发现的情况", "en": "The station follows up what patrols found"}');
