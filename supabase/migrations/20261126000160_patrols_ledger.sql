-- Purpose: hours on patrol and the double-entry ledger of points (PRODUCT §4): what was earned by which rule, what a station may give a month, who has how much.
-- Risk: none for data, new objects.

create table private.points_rules (
  code public.code_name primary key,
  name jsonb not null check (private.is_text_in_both(name, 1, 80)),
  unit text not null check (unit in ('hour', 'each')),
  points integer not null check (points between 0 and 1000),
  position integer not null
);
comment on table private.points_rules is 'What earns points, and how many where a station has set nothing else. From supabase/seeds/060-patrols.sql.';
comment on column private.points_rules.unit is '`hour`: for sixty credited minutes, cut to the point; `each`: for one.';
alter table private.points_rules enable row level security;

create table private.points_rates (
  station_id uuid not null references public.stations (id) on delete restrict,
  rule_code public.code_name not null references private.points_rules (code) on delete restrict,
  points integer not null check (points between 0 and 1000),
  set_at timestamptz not null,
  set_by uuid not null references public.staff (user_id) on delete restrict,
  primary key (station_id, rule_code)
);
comment on table private.points_rates is 'What a rule earns at one station. It holds for what is earned from then on.';
create index points_rates_by_rule on private.points_rates (rule_code);
create index points_rates_by_setter on private.points_rates (set_by);
alter table private.points_rates enable row level security;

create table private.patrol_night_rules (
  station_id uuid primary key references public.stations (id) on delete restrict,
  night_from time not null,
  night_to time not null,
  credit_percent integer not null check (credit_percent between 100 and 300),
  set_at timestamptz not null,
  set_by uuid not null references public.staff (user_id) on delete restrict
);
comment on table private.patrol_night_rules is 'Between which hours of its wall a station credits more, and how much: 150 is one and a half. Without a row: 22:00 to 06:00, 150.';
create index patrol_night_rules_by_setter on private.patrol_night_rules (set_by);
alter table private.patrol_night_rules enable row level security;

create table private.points_budgets (
  station_id uuid not null references public.stations (id) on delete restrict,
  month date not null check (extract(day from month) = 1),
  points integer not null check (points between 0 and 1000000),
  set_at timestamptz not null,
  set_by uuid references public.staff (user_id) on delete restrict,
  primary key (station_id, month)
);
comment on table private.points_budgets is 'How many points a station gives in a month at most. The newest month at or before counts; without any: none.';
create index points_budgets_by_setter on private.points_budgets (set_by) where set_by is not null;
alter table private.points_budgets enable row level security;

create table private.points_accounts (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  kind text not null check (kind in ('budget', 'volunteer', 'rewards', 'deposits')),
  volunteer_id uuid unique references public.volunteers (id) on delete set null,
  constraint accounts_of_volunteers_only check (kind = 'volunteer' or volunteer_id is null)
);
comment on table private.points_accounts is 'Where points are. `budget`: what the station gives, below zero by what it gave; `rewards`: what was spent; `deposits`: what is kept until a thing comes back.';
create unique index points_accounts_one_each on private.points_accounts (station_id, kind) where kind <> 'volunteer';
create index points_accounts_by_station on private.points_accounts (station_id);
alter table private.points_accounts enable row level security;

create table private.points_transactions (
  id uuid primary key default gen_random_uuid(),
  number bigint generated always as identity unique,
  station_id uuid not null references public.stations (id) on delete restrict,
  at timestamptz not null,
  kind public.code_name not null,
  rule_code public.code_name references private.points_rules (code) on delete restrict,
  cause_id uuid,
  actor_id uuid references public.staff (user_id) on delete restrict,
  note text check (note is null or private.is_plain_text(note, 1, 500, true))
);
comment on table private.points_transactions is 'One movement of points; its entries sum to zero. Rows are only added: what was wrong is put right by another one.';
comment on column private.points_transactions.cause_id is 'The place, correction or order that it is for.';
comment on column private.points_transactions.actor_id is 'Staff who did it; without: the volunteer themselves, or the clock.';
create index points_transactions_by_station on private.points_transactions (station_id, at);
create index points_transactions_by_rule on private.points_transactions (rule_code) where rule_code is not null;
create index points_transactions_by_actor on private.points_transactions (actor_id) where actor_id is not null;
create index points_transactions_by_cause on private.points_transactions (cause_id) where cause_id is not null;
alter table private.points_transactions enable row level security;
create trigger points_transactions_are_append_only before update or delete on private.points_transactions for each row execute function private.refuse_change();

create table private.points_entries (
  transaction_id uuid not null references private.points_transactions (id) on delete restrict,
  account_id uuid not null references private.points_accounts (id) on delete restrict,
  points integer not null check (points <> 0),
  primary key (transaction_id, account_id)
);
comment on table private.points_entries is 'What a transaction adds to an account, or takes from it.';
create index points_entries_by_account on private.points_entries (account_id);
alter table private.points_entries enable row level security;
create trigger points_entries_are_append_only before update or delete on private.points_entries for each row execute function private.refuse_change();

create table private.points_claims (
  id uuid primary key default gen_random_uuid(),
  number bigint generated always as identity unique,
  station_id uuid not null references public.stations (id) on delete restrict,
  volunteer_id uuid not null references public.volunteers (id) on delete cascade,
  rule_code public.code_name not null references private.points_rules (code) on delete restrict,
  cause_id uuid not null,
  place_id uuid references public.shift_places (id) on delete set null,
  quantity integer not null,
  points integer not null,
  earned_at timestamptz not null,
  transaction_id uuid references private.points_transactions (id) on delete restrict,
  unique (volunteer_id, rule_code, cause_id),
  constraint claims_taken_back_are_booked check (points >= 0 or transaction_id is not null)
);
comment on table private.points_claims is 'What was earned, once for each cause. Without a transaction it waits for the budget of a month. Below zero: what a correction took back.';
comment on column private.points_claims.quantity is 'Credited minutes, or how many.';
create index points_claims_waiting on private.points_claims (station_id, number) where transaction_id is null and points > 0;
create index points_claims_by_rule on private.points_claims (rule_code);
create index points_claims_by_place on private.points_claims (place_id) where place_id is not null;
create index points_claims_by_transaction on private.points_claims (transaction_id) where transaction_id is not null;
alter table private.points_claims enable row level security;

create table private.patrol_hours (
  place_id uuid primary key,
  volunteer_id uuid not null,
  worked tstzrange not null,
  minutes integer not null check (minutes >= 0),
  night_minutes integer not null check (night_minutes between 0 and minutes),
  credit_minutes integer not null check (credit_minutes >= minutes),
  night jsonb not null,
  rate integer not null check (rate >= 0),
  counted_at timestamptz not null,
  foreign key (place_id, volunteer_id) references public.shift_places (id, volunteer_id) on delete cascade,
  -- Whatever a correction says, no minute of a person counts twice.
  constraint hours_never_overlap exclude using gist (volunteer_id extensions.gist_uuid_ops with =, worked with &&)
);
comment on table private.patrol_hours is 'What somebody was on patrol for, minute by minute (shared/patrols/hours.ts). Written at the check-out and by corrections.';
comment on column private.patrol_hours.night is 'The rule of the station''s night by which it was counted, and is counted again.';
comment on column private.patrol_hours.rate is 'Points an hour when it was first counted.';
create index patrol_hours_by_volunteer on private.patrol_hours (volunteer_id);
create index patrol_hours_by_place on private.patrol_hours (place_id, volunteer_id);
alter table private.patrol_hours enable row level security;

create table private.hours_corrections (
  id uuid primary key default gen_random_uuid(),
  place_id uuid not null,
  volunteer_id uuid not null,
  asked tstzrange not null check (not isempty(asked)),
  was tstzrange,
  why text check (why is null or private.is_plain_text(why, 3, 500, true)),
  state text not null default 'asked' check (state in ('asked', 'approved', 'refused')),
  asked_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid references public.staff (user_id) on delete restrict,
  note text check (note is null or private.is_plain_text(note, 1, 500, true)),
  foreign key (place_id, volunteer_id) references public.shift_places (id, volunteer_id) on delete cascade,
  constraint corrections_are_decided_by_somebody check ((state = 'asked') = (decided_at is null) and (decided_at is null) = (decided_by is null))
);
comment on table private.hours_corrections is 'Hours that a volunteer says were others. The words go two years after the decision, and with the account.';
create unique index hours_corrections_one_open on private.hours_corrections (place_id) where state = 'asked';
create index hours_corrections_by_place on private.hours_corrections (place_id, volunteer_id);
create index hours_corrections_by_volunteer on private.hours_corrections (volunteer_id);
create index hours_corrections_by_decider on private.hours_corrections (decided_by) where decided_by is not null;
alter table private.hours_corrections enable row level security;

create table private.honours (
  code public.code_name primary key,
  hours integer not null unique check (hours > 0),
  name jsonb not null check (private.is_text_in_both(name, 1, 80))
);
comment on table private.honours is 'What a number of credited hours is honoured with. From supabase/seeds/060-patrols.sql.';
alter table private.honours enable row level security;

create table private.volunteer_honours (
  volunteer_id uuid not null references public.volunteers (id) on delete cascade,
  honour_code public.code_name not null references private.honours (code) on delete restrict,
  given_at timestamptz not null,
  primary key (volunteer_id, honour_code)
);
comment on table private.volunteer_honours is 'Given once, by a job, and not taken back.';
create index volunteer_honours_by_honour on private.volunteer_honours (honour_code);
alter table private.volunteer_honours enable row level security;

-- Every movement of a station's points waits for the one before. Whoever needs the roster as well takes that first.
create function private.lock_points(p_station uuid) returns void
language sql volatile set search_path = '' as $$
  select pg_advisory_xact_lock(hashtext('linli points'), hashtext(p_station::text));
$$;
revoke all on function private.lock_points(uuid) from public;

create function private.month_at(p_station uuid, p_at timestamptz) returns date
language sql stable set search_path = '' as $$
  select date_trunc('month', private.day_at(p_station, p_at))::date;
$$;
revoke all on function private.month_at(uuid, timestamptz) from public;

create function private.budget_of(p_station uuid, p_month date) returns integer
language sql stable set search_path = '' as $$
  select coalesce((select b.points from private.points_budgets b where b.station_id = p_station and b.month <= p_month order by b.month desc limit 1), 0);
$$;
revoke all on function private.budget_of(uuid, date) from public;

-- What left the budget in a month. What comes back is not given a second time.
create function private.budget_used(p_station uuid, p_month date) returns integer
language sql stable set search_path = '' as $$
  select coalesce(-sum(e.points), 0)::integer from private.points_accounts a join private.points_entries e on e.account_id = a.id and e.points < 0 join private.points_transactions t on t.id = e.transaction_id
  cross join (select s.time_zone as zone from public.stations s where s.id = p_station) z
  where a.station_id = p_station and a.kind = 'budget' and t.station_id = p_station and t.at >= (p_month::timestamp at time zone z.zone) and t.at < ((p_month + interval '1 month') at time zone z.zone);
$$;
revoke all on function private.budget_used(uuid, date) from public;

create function private.points_balance(p_account uuid) returns integer
language sql stable set search_path = '' as $$
  select coalesce(sum(e.points), 0)::integer from private.points_entries e where e.account_id = p_account;
$$;
revoke all on function private.points_balance(uuid) from public;

-- Holds for every path, also for the owner of the tables, when a transaction of the database ends.
create function private.guard_points() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_id uuid := case when tg_table_name = 'points_entries' then to_jsonb(new) ->> 'transaction_id' else to_jsonb(new) ->> 'id' end;
  v_booked private.points_transactions;
  v_account private.points_accounts;
  v_month date;
begin
  select t.* into v_booked from private.points_transactions t where t.id = v_id;
  if (select count(*) < 2 or sum(e.points) <> 0 from private.points_entries e where e.transaction_id = v_id) then
    raise exception 'the entries of a transaction sum to zero' using errcode = 'PT409', detail = 'conflict';
  end if;
  for v_account in select a.* from private.points_entries e join private.points_accounts a on a.id = e.account_id where e.transaction_id = v_id order by a.id for no key update of a loop
    if v_account.station_id <> v_booked.station_id then
      raise exception 'points stay at their station' using errcode = 'PT409', detail = 'conflict';
    elsif v_account.kind <> 'budget' and private.points_balance(v_account.id) < 0 then
      raise exception 'nobody has fewer points than none' using errcode = 'PT409', detail = 'points_short';
    elsif v_account.kind = 'budget' and exists (select from private.points_entries e where e.transaction_id = v_id and e.account_id = v_account.id and e.points < 0) then
      v_month := private.month_at(v_booked.station_id, v_booked.at);
      if private.budget_used(v_booked.station_id, v_month) > private.budget_of(v_booked.station_id, v_month) then
        raise exception 'the budget of the month is spent' using errcode = 'PT409', detail = 'budget_spent';
      end if;
    end if;
  end loop;
  return null;
end;
$$;
comment on function private.guard_points() is 'Trigger. Definer: the tables have no grants.';
revoke all on function private.guard_points() from public;
create constraint trigger points_transactions_are_whole after insert on private.points_transactions deferrable initially deferred for each row execute function private.guard_points();
create constraint trigger points_entries_fit after insert on private.points_entries deferrable initially deferred for each row execute function private.guard_points();

-- The account of a volunteer, or the one of its kind at a station; opened with its first use. The caller holds the points.
create function private.points_account(p_station uuid, p_kind text, p_volunteer uuid default null) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid;
begin
  select a.id into v_id from private.points_accounts a where a.station_id = p_station and a.kind = p_kind and a.volunteer_id is not distinct from p_volunteer and (p_kind <> 'volunteer' or p_volunteer is not null);
  if v_id is null then
    insert into private.points_accounts (station_id, kind, volunteer_id) values (p_station, p_kind, p_volunteer) returning id into v_id;
  end if;
  return v_id;
end;
$$;
revoke all on function private.points_account(uuid, text, uuid) from public;

/*
  Books one transaction. p_entries: [{account: budget | volunteer | rewards | deposits, volunteer?, points}], each account once, summing to zero.
  The only way that the portal moves points. → {ok, id} | points_short: somebody would have fewer than none, budget_spent: the month's budget does not reach
*/
create function private.post_points(p_station uuid, p_kind text, p_entries jsonb, p_cause uuid default null, p_rule text default null, p_actor uuid default null, p_note text default null) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_month date := private.month_at(p_station, v_now);
  v_id uuid;
begin
  perform private.lock_points(p_station);
  for v_id in select private.points_account(p_station, e.value ->> 'account', (e.value ->> 'volunteer')::uuid) from jsonb_array_elements(p_entries) e loop
    null;
  end loop;
  if exists (select from jsonb_array_elements(p_entries) e where e.value ->> 'account' <> 'budget'
    and private.points_balance(private.points_account(p_station, e.value ->> 'account', (e.value ->> 'volunteer')::uuid)) + (e.value ->> 'points')::integer < 0) then
    return private.refuse('points_short');
  elsif exists (select from jsonb_array_elements(p_entries) e where e.value ->> 'account' = 'budget' and (e.value ->> 'points')::integer < 0
    and private.budget_used(p_station, v_month) - (e.value ->> 'points')::integer > private.budget_of(p_station, v_month)) then
    return private.refuse('budget_spent');
  end if;
  insert into private.points_transactions (station_id, at, kind, rule_code, cause_id, actor_id, note) values (p_station, v_now, p_kind, p_rule, p_cause, p_actor, p_note) returning id into v_id;
  insert into private.points_entries (transaction_id, account_id, points)
  select v_id, private.points_account(p_station, e.value ->> 'account', (e.value ->> 'volunteer')::uuid), (e.value ->> 'points')::integer from jsonb_array_elements(p_entries) e;
  return jsonb_build_object('ok', true, 'id', v_id);
end;
$$;
revoke all on function private.post_points(uuid, text, jsonb, uuid, text, uuid, text) from public;
