-- What patrols are for and what they may ask for (PRODUCT §4). Run again at any time: names follow this file; order, and on or off, are set on the first run only.

insert into public.shift_types (code, name, position) values
  ('on_foot', '{"zh": "步行巡逻", "en": "Patrol on foot"}', 10),
  ('school_gate', '{"zh": "护学岗", "en": "School gate"}', 20),
  ('night_watch', '{"zh": "夜间看护", "en": "Night watch"}', 30),
  ('fire_lanes', '{"zh": "消防通道检查", "en": "Fire lanes"}', 40),
  ('market', '{"zh": "集市秩序", "en": "Market day"}', 50)
on conflict (code) do update set name = excluded.name;

insert into public.patrol_skills (code, name, position) values
  ('first_aid', '{"zh": "急救", "en": "First aid"}', 10),
  ('fire_safety', '{"zh": "消防", "en": "Fire safety"}', 20),
  ('sign_language', '{"zh": "手语", "en": "Sign language"}', 30)
on conflict (code) do update set name = excluded.name;

insert into private.points_rules (code, name, unit, points, position) values
  ('patrol', '{"zh": "巡逻（每小时）", "en": "An hour on patrol"}', 'hour', 10, 10),
  ('finding', '{"zh": "巡逻中发现并上报一处问题", "en": "A finding on patrol that became a report"}', 'each', 5, 20),
  ('tip_helped', '{"zh": "提供的线索起了作用", "en": "A tip that helped"}', 'each', 50, 30),
  ('training', '{"zh": "参加一次培训", "en": "A training attended"}', 'each', 20, 40)
on conflict (code) do update set name = excluded.name;

insert into private.honours (code, hours, name) values
  ('hours_ten', 10, '{"zh": "巡逻满 10 小时", "en": "10 hours on patrol"}'),
  ('hours_fifty', 50, '{"zh": "巡逻满 50 小时", "en": "50 hours on patrol"}'),
  ('hours_hundred', 100, '{"zh": "巡逻满 100 小时", "en": "100 hours on patrol"}'),
  ('hours_three_hundred', 300, '{"zh": "巡逻满 300 小时", "en": "300 hours on patrol"}')
on conflict (code) do update set name = excluded.name;

-- What everybody looks at before setting out.
insert into private.checklist_items (type_code, code, name, position)
select t.code, i.code, i.name::jsonb, i.position
from public.shift_types t join (values
  ('vest', '{"zh": "反光背心已穿好", "en": "Reflective vest on"}', 10, null),
  ('phone', '{"zh": "手机电量充足，开着铃声", "en": "Phone charged, ringer on"}', 20, null),
  ('torch', '{"zh": "手电筒带好，能亮", "en": "Torch packed and working"}', 30, array['on_foot', 'night_watch', 'fire_lanes']),
  ('route', '{"zh": "清楚今天走哪条路线", "en": "Today''s route is known"}', 40, array['on_foot', 'night_watch', 'fire_lanes']),
  ('together', '{"zh": "全程两人同行，不单独行动", "en": "We stay together in twos the whole way"}', 50, null),
  ('call', '{"zh": "遇到危险不上前，先打 110", "en": "In danger we keep away and call 110"}', 60, null),
  ('children', '{"zh": "站在斑马线两端，不在车道上停留", "en": "We stand at the ends of the crossing, not on the road"}', 70, array['school_gate'])
) i (code, name, position, types) on i.types is null or t.code = any (i.types)
on conflict (type_code, code) do update set name = excluded.name;
