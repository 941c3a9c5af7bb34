-- What people agree to. A text that somebody agreed to never changes: to word it anew, add a row with the next version.
insert into private.consent_texts (purpose, version, is_required, title, body) values
('account', 1, true,
  '{"zh": "我同意建立账号", "en": "I agree to having an account"}',
  '{"zh": "派出所保存我的邮箱、所在社区和语言，用来让我登录和查看自己提交的内容。我可以随时下载全部资料，也可以随时注销。", "en": "The station keeps my email address, my community and my language, so that I can sign in and see what I have sent. I can download all of it and erase the account at any time."}'),
('contact_mail', 1, false,
  '{"zh": "有进展时发邮件告诉我", "en": "Mail me when there is news"}',
  '{"zh": "我提交的事情有进展或有回信时，派出所往账号邮箱发一封提醒。邮件里不写事情的内容。不勾选也可以随时登录查看。", "en": "When something I reported moves on or a letter arrives, the station mails a reminder to my account. The mail says nothing of the matter. Without it I can look in at any time."}')
on conflict (purpose, version) do nothing;
