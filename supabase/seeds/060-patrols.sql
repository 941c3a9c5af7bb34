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
