-- Purpose: what people agree to, as versioned texts, and who agreed to which version, when and by which channel.
-- Risk: none for data. Mails about reports to an account stop where their owner said no.

create table private.consent_texts (
  purpose public.code_name not null,
  version integer not null check (version > 0),
  title jsonb not null check (title ?& array['zh', 'en']),
  body jsonb not null check (body ?& array['zh', 'en']),
  is_required boolean not null,
  in_force_from timestamptz not null default now(),
  primary key (purpose, version)
);
comment on table private.consent_texts is 'Texts that people agree to. A text never changes: a new wording is a new version.';
comment on column private.consent_texts.is_required is 'Without it there is no account: it is taken back by erasing the account.';
alter table private.consent_texts enable row level security;
create trigger consent_texts_are_append_only before update or delete on private.consent_texts for each row execute function private.refuse_change();

create table private.consents (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  purpose public.code_name not null,
  version integer not null,
  is_given boolean not null,
  at timestamptz not null,
  channel public.report_channel not null,
  locale public.locale_code not null,
  foreign key (purpose, version) references private.consent_texts (purpose, version) on delete restrict
);
comment on table private.consents is 'Each yes and no, in order; the last one counts. Rows are only added, and go with the account.';
create index consents_by_person on private.consents (user_id, purpose, id desc);
create index consents_by_text on private.consents (purpose, version);
alter table private.consents enable row level security;
create trigger consents_are_append_only before update on private.consents for each row execute function private.refuse_change();

create function private.current_consent_texts() returns setof private.consent_texts
language sql stable set search_path = '' as $$
  select distinct on (t.purpose) t.* from private.consent_texts t where t.in_force_from <= private.clock() order by t.purpose, t.version desc;
$$;
revoke all on function private.current_consent_texts() from public;

create function public.get_consent_texts() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'texts', coalesce((
    select jsonb_agg(jsonb_build_object('purpose', t.purpose, 'version', t.version, 'title', t.title, 'body', t.body, 'is_required', t.is_required) order by t.is_required desc, t.purpose)
    from private.current_consent_texts() t), '[]'::jsonb));
$$;
comment on function public.get_consent_texts() is 'Public read: the texts in force. Definer: the table is private.';
revoke all on function public.get_consent_texts() from public;
grant execute on function public.get_consent_texts() to anon, authenticated, service_role;

-- The texts in force with the caller's last word on each, and everything they said before.
create function public.list_consents() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(),
    'texts', coalesce((
      select jsonb_agg(jsonb_build_object('purpose', t.purpose, 'version', t.version, 'title', t.title, 'body', t.body, 'is_required', t.is_required,
        'last', (select jsonb_build_object('version', c.version, 'is_given', c.is_given, 'at', c.at, 'channel', c.channel) from private.consents c
          where c.user_id = v_actor and c.purpose = t.purpose order by c.id desc limit 1)) order by t.is_required desc, t.purpose)
      from private.current_consent_texts() t), '[]'::jsonb),
    'history', coalesce((
      select jsonb_agg(jsonb_build_object('purpose', c.purpose, 'title', t.title, 'version', c.version, 'is_given', c.is_given, 'at', c.at, 'channel', c.channel) order by c.id desc)
      from private.consents c join private.consent_texts t on t.purpose = c.purpose and t.version = c.version where c.user_id = v_actor), '[]'::jsonb));
end;
$$;
comment on function public.list_consents() is 'Definer: the tables are private.';
revoke all on function public.list_consents() from public;
grant execute on function public.list_consents() to authenticated;

-- p: decisions: [{purpose, version, is_given}], channel?, locale. Nobody agrees to a text that is no longer in force; what is needed
-- for the account is taken back by erasing the account. The same word twice is kept once.
create function public.save_consents(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_decision record;
  v_text private.consent_texts;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if jsonb_typeof(p -> 'decisions') is distinct from 'array' or coalesce(p ->> 'locale', '') not in ('zh', 'en') or jsonb_array_length(p -> 'decisions') > 20
    or coalesce(p ->> 'channel', 'web') not in ('web', 'api') then
    return private.refuse('invalid_input');
  end if;
  -- One at a time for each person, so that two windows leave one order.
  perform from auth.users u where u.id = v_actor for no key update;
  -- Every change of mind is kept: nobody changes theirs a hundred times a day.
  if (select count(*) from private.consents c where c.user_id = v_actor and c.at > private.clock() - interval '1 day') >= 100 then
    return private.refuse('rate_limited', '{"retry_after": 3600}');
  end if;
  for v_decision in select * from jsonb_to_recordset(p -> 'decisions') as d (purpose text, version integer, is_given boolean) loop
    select t.* into v_text from private.current_consent_texts() t where t.purpose = v_decision.purpose;
    if not found or v_decision.is_given is null or (v_text.is_required and not v_decision.is_given) then
      return private.refuse('invalid_input');
    end if;
    if v_text.version is distinct from v_decision.version then
      return private.refuse('conflict');
    end if;
    insert into private.consents (user_id, purpose, version, is_given, at, channel, locale)
    select v_actor, v_text.purpose, v_text.version, v_decision.is_given, private.clock(), coalesce(p ->> 'channel', 'web'), p ->> 'locale'
    where not exists (
      select from (select c.version, c.is_given from private.consents c where c.user_id = v_actor and c.purpose = v_text.purpose order by c.id desc limit 1) l
      where l.version = v_text.version and l.is_given = v_decision.is_given);
  end loop;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.save_consents(jsonb) is 'Keeps what the caller agrees to or takes back. Definer: the table is private.';
revoke all on function public.save_consents(jsonb) from public;
grant execute on function public.save_consents(jsonb) to authenticated;

-- A no to mails holds for whichever function writes the outbox. Accounts that were never asked, older than the question, get what they
-- were promised when they reported. A named report's sealed address is the account's as a rule; whose a sealed report is, nobody here
-- can tell. Mails of the sign-in are not meant.
create function private.keep_mail_refused() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if (select c.is_given from private.consents c
      where c.user_id = coalesce(new.recipient_id, (select r.owner_id from public.reports r where r.id = new.noun_id))
        and c.purpose = 'contact_mail' order by c.id desc limit 1) is false then
    return null;
  end if;
  return new;
end;
$$;
comment on function private.keep_mail_refused() is 'Trigger: no mail to an account that refused mails. Definer: consents are private.';
revoke all on function private.keep_mail_refused() from public;
create trigger outbox_keeps_the_refusal before insert on public.outbox
  for each row when (new.channel = 'email' and (new.recipient_id is not null or new.noun = 'reports')) execute function private.keep_mail_refused();
