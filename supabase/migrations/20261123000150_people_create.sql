-- Purpose: how people come to the desk and what they become there (RULES A5): invitations, proposals that a second person decides,
-- assignments that cannot overlap, and a station that never loses its last chief, auditor or administrator.
-- Risk: low. Of two officers of one community at the same time the later one becomes a stand-in, who sees and does the same.

create extension if not exists btree_gist with schema extensions;

create domain public.staff_role as text check (value in ('officer', 'lead', 'chief', 'auditor', 'admin'));

create table private.staff_invitations (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  -- The account that the invited person will get: a send that broke off finds its own account again, and nobody else's.
  user_id uuid not null unique default gen_random_uuid(),
  role public.staff_role not null,
  name jsonb not null check (private.is_text_in_both(name, 1, 60)),
  badge_number text not null check (char_length(badge_number) between 1 and 30),
  email text check (email = lower(email) and email ~ '^[^@\s]+@[^@\s]+$' and char_length(email) <= 254),
  locale public.locale_code not null,
  created_at timestamptz not null,
  token_hash public.keyed_hash unique,
  sent_at timestamptz,
  expires_at timestamptz,
  accepted_at timestamptz,
  revoked_at timestamptz,
  constraint invitations_end_once check (accepted_at is null or revoked_at is null),
  constraint invitations_keep_no_address check ((email is null) = (num_nonnulls(accepted_at, revoked_at) = 1)),
  constraint invitations_token_is_dated check (num_nonnulls(token_hash, expires_at) in (0, 2) and (token_hash is null or (sent_at is not null and email is not null)))
);
comment on table private.staff_invitations is 'People who were invited to the desk. The link''s token is kept as a keyed hash and works once, for seven days; the address goes when the invitation ends.';
create unique index staff_invitations_one_an_address on private.staff_invitations (email) where email is not null;
create unique index staff_invitations_one_a_badge on private.staff_invitations (station_id, badge_number) where accepted_at is null and revoked_at is null;
create index staff_invitations_by_station on private.staff_invitations (station_id, created_at desc);
alter table private.staff_invitations enable row level security;

create table public.staff_proposals (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  kind text not null check (kind in ('invite', 'change_role', 'deactivate', 'reactivate', 'reset_second_factor')),
  subject_id uuid references public.staff (user_id) on delete restrict,
  invitation_id uuid references private.staff_invitations (id) on delete restrict,
  role public.staff_role,
  reason text not null check (char_length(btrim(reason)) between 2 and 500),
  proposed_by uuid not null references public.staff (user_id) on delete restrict,
  proposed_at timestamptz not null,
  decision text check (decision in ('confirmed', 'refused', 'withdrawn', 'lapsed')),
  decided_by uuid references public.staff (user_id) on delete restrict,
  decided_at timestamptz,
  constraint proposals_decision_is_whole check (num_nonnulls(decision, decided_at) in (0, 2) and (decided_by is not null) = (coalesce(decision, 'lapsed') <> 'lapsed')),
  constraint proposals_say_what check ((invitation_id is not null) = (kind = 'invite') and (subject_id is null) = (kind = 'invite') and (role is not null) = (kind in ('invite', 'change_role'))),
  constraint proposals_never_for_oneself check (subject_id is null or (proposed_by <> subject_id and (decision is distinct from 'confirmed' or decided_by <> subject_id))),
  constraint proposals_need_two_people check (decision is distinct from 'confirmed' or decided_by <> proposed_by)
);
comment on table public.staff_proposals is 'What an administrator proposes about a person and a chief confirms or refuses (RULES A5). Kept for good: the auditor reads who got which right, from whom and why.';
create unique index staff_proposals_one_open on public.staff_proposals (subject_id, kind) where decision is null and subject_id is not null;
create index staff_proposals_by_station on public.staff_proposals (station_id, proposed_at desc);
create index staff_proposals_by_invitation on public.staff_proposals (invitation_id) where invitation_id is not null;

-- What was proposed stays as it was; it is decided once.
create function private.keep_proposal() returns trigger
language plpgsql set search_path = '' as $$
begin
  if tg_op = 'DELETE' or old.decision is not null
    or (new.id, new.station_id, new.kind, new.subject_id, new.invitation_id, new.role, new.reason, new.proposed_by, new.proposed_at)
      is distinct from (old.id, old.station_id, old.kind, old.subject_id, old.invitation_id, old.role, old.reason, old.proposed_by, old.proposed_at) then
    raise exception 'a proposal is decided once and never rewritten' using errcode = 'PT403', detail = 'append_only';
  end if;
  return new;
end;
$$;
create trigger staff_proposals_are_decided_once before update or delete on public.staff_proposals for each row execute function private.keep_proposal();

alter table public.staff_proposals enable row level security;
create policy "chief, admin and auditor read their station's proposals" on public.staff_proposals for select to authenticated
  using (station_id = (select private.my_station()) and (select (private.staff_actor()).role) in ('chief', 'admin', 'auditor'));
grant select on public.staff_proposals to authenticated;

-- One officer a community at a time; as many stand-ins as it takes.
update public.assignments a set kind = 'stand_in'
where a.kind = 'officer' and exists (
  select from public.assignments e
  where e.community_id = a.community_id and e.kind = 'officer' and (e.from_on, e.id) < (a.from_on, a.id)
    and daterange(e.from_on, e.to_on, '[]') && daterange(a.from_on, a.to_on, '[]'));
alter table public.assignments add constraint assignments_one_officer_at_a_time
  exclude using gist (community_id extensions.gist_uuid_ops with =, daterange(from_on, to_on, '[]') with &&) where (kind = 'officer');

create function private.check_assignment() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from public.staff s join public.communities c on c.station_id = s.station_id where s.user_id = new.staff_id and c.id = new.community_id and s.role in ('officer', 'lead')) then
    raise exception 'officers and leads look after communities of their station' using errcode = 'PT422', detail = 'assignee_not_allowed';
  end if;
  return new;
end;
$$;
comment on function private.check_assignment() is 'Trigger. Definer: whoever assigns may not read staff of every station.';
create trigger assignments_are_for_officers before insert or update of staff_id, community_id on public.assignments for each row execute function private.check_assignment();

create function private.station_today(p_station uuid) returns date
language sql stable security definer set search_path = '' as $$
  select (private.clock() at time zone s.time_zone)::date from public.stations s where s.id = p_station;
$$;
comment on function private.station_today(uuid) is 'The day on the station''s wall. Definer: called for people who may read little.';

/*
  A station keeps a chief, who confirms, and an administrator, who proposes: without either nobody could be let in again. It keeps its auditor,
  too: nobody else reads what is said about a chief. And who reads no reports (admin, auditor) holds no community, no open report and no duty
  (RULES A5). The lock makes two changes at once wait for each other.
*/
create function private.keep_station_led() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if old.is_active and old.role in ('chief', 'auditor', 'admin') and (not new.is_active or new.role <> old.role) then
    perform from public.stations s where s.id = old.station_id for no key update;
    if not exists (select from public.staff s where s.station_id = old.station_id and s.role = old.role and s.is_active and s.user_id <> old.user_id) then
      raise exception 'the last active % stays', old.role using errcode = 'PT409', detail = 'last_of_role';
    end if;
  end if;
  if new.role in ('admin', 'auditor') and new.role <> old.role and (
    exists (select from public.assignments a where a.staff_id = new.user_id and coalesce(a.to_on, 'infinity'::date) >= private.station_today(new.station_id))
    or exists (select from public.reports r where r.assigned_to = new.user_id and r.status in ('received', 'triaged', 'in_progress'))
    or exists (select from public.revisit_suggestions g where g.owner_id = new.user_id and g.done_at is null)
    or exists (select from public.duty_shifts d where d.staff_id = new.user_id and d.ends_at > private.clock())) then
    raise exception 'work is handed over before somebody stops reading reports' using errcode = 'PT409', detail = 'successor_required';
  end if;
  return new;
end;
$$;
comment on function private.keep_station_led() is 'Trigger. Definer: counts people and work that the caller may not read.';
create trigger staff_keep_the_station_led before update of role, is_active on public.staff for each row execute function private.keep_station_led();

revoke all on function private.keep_proposal() from public;
revoke all on function private.check_assignment() from public;
revoke all on function private.station_today(uuid) from public;
revoke all on function private.keep_station_led() from public;
