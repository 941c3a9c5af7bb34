-- What people agree to. A text that somebody agreed to never changes: to word it anew, add a row with the next version.
insert into private.consent_texts (purpose, version, is_required, title, body) values
('account', 1, true,
  '{"zh": "我同意建立账号", "en": "I agree to having an account"}',
  '{"zh": "派出所保存我的邮箱、所在社区和语言，用来让我登录和查看自己提交的内容。我可以随时下载全部资料，也可以随时注销。", "en": "The station keeps my email address, my community and my language, so that I can sign in and see what I have sent. I can download all of it and erase the account at any time."}'),
('contact_mail', 1, false,
  '{"zh": "有进展时发邮件告诉我", "en": "Mail me when there is news"}',
  '{"zh": "我提交的事情有进展或有回信时，派出所往账号邮箱发一封提醒。邮件里不写事情的内容。不勾选也可以随时登录查看。", "en": "When something I reported moves on or a letter arrives, the station mails a reminder to my account. The mail says nothing of the matter. Without it I can look in at any time."}'),
('patrol_adult', 1, true,
  '{"zh": "我已年满十八周岁", "en": "I am eighteen or older"}',
  '{"zh": "义务巡逻只面向成年人。派出所会在录用前核对。", "en": "Only adults go on patrol. The station checks this before enrolment."}'),
('patrol_conduct', 1, true,
  '{"zh": "我遵守巡逻守则", "en": "I keep to the rules of patrolling"}',
  '{"zh": "从不单独巡逻。只看、只报告，不追赶、不盘问、不搜查、不使用武力，也不携带武器。遇到危险先离开，拨打110。听从带队人安排，饮酒后不上岗。", "en": "Never alone. Watch and report; do not chase, question, search or use force, and carry no weapon. In danger leave first and call 110. Follow the leader of the patrol; no patrol after drinking."}'),
('patrol_insurance', 1, true,
  '{"zh": "我读过保险说明", "en": "I have read about insurance"}',
  '{"zh": "保险由派出所或街道安排，只在签到之后、签退之前有效。是否投保、保多少，请在第一次上岗前向派出所问清楚。", "en": "Insurance is arranged by the station or the district and holds only between check-in and check-out. Ask the station before your first patrol whether you are insured and for what."}'),
('patrol_privacy', 1, true,
  '{"zh": "我为看到的事情保密", "en": "I keep to myself what I see"}',
  '{"zh": "巡逻时看到、听到的别人的事，只告诉派出所，不拍照外传，不发群聊。派出所保存我的姓名、电话和紧急联系人（加密），以及我的巡逻记录；不记录我的行走轨迹。", "en": "What I see and hear of others on patrol goes to the station only: no pictures passed on, nothing in group chats. The station keeps my name, phone and emergency contact (encrypted) and a record of my shifts; it keeps no track of where I walk."}')
on conflict (purpose, version) do nothing;
