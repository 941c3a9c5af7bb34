-- Purpose: ballots by blind signatures (RFC 9474, RULES E2): who drew one is kept apart from what was said with it, and nothing leads from the one to the other.
-- Risk: none for data, new objects. Neither table has an order, a time finer than the day, or a row in the log.

create table private.ballot_keys (
  id uuid primary key default gen_random_uuid(),
  occasion text not null check (occasion in ('rating', 'survey')),
  occasion_id uuid not null,
  community_id uuid not null references public.communities (id) on delete restrict,
  officer_id uuid references public.staff (user_id) on delete restrict,
  spki text not null check (spki ~ '^[A-Za-z0-9_-]+$' and char_length(spki) between 200 and 1200),
  private_sealed public.sealed_text,
  opens_at timestamptz not null,
  closes_at timestamptz not null,
  unique (occasion_id, community_id),
  constraint keys_close_after_they_open check (closes_at > opens_at),
  constraint ratings_are_about_an_officer check ((occasion = 'rating') = (officer_id is not null))
);
comment on table private.ballot_keys is 'One key pair for each occasion and community: a ballot says "somebody verified there, for this" and nothing else.';
comment on column private.ballot_keys.private_sealed is 'Sealed by the portal, and forgotten when the occasion is over: nobody signs a ballot afterwards.';
create index ballot_keys_by_community on private.ballot_keys (community_id);
create index ballot_keys_by_officer on private.ballot_keys (officer_id) where officer_id is not null;
alter table private.ballot_keys enable row level security;

create table private.ballot_draws (
  key_id uuid not null references private.ballot_keys (id) on delete cascade,
  person public.keyed_hash not null,
  blinded_hash text not null check (blinded_hash ~ '^[0-9a-f]{64}$'),
  blind_signature text not null check (blind_signature ~ '^[A-Za-z0-9_-]+$' and char_length(blind_signature) between 300 and 700),
  day date not null,
  primary key (key_id, person)
);
comment on table private.ballot_draws is 'Who drew a ballot: a keyed hash of account and occasion. The same blinded message gets the same signature again, another one none.';
alter table private.ballot_draws enable row level security;

create table private.ballot_spends (
  key_id uuid not null references private.ballot_keys (id) on delete cascade,
  nullifier text not null check (nullifier ~ '^[0-9a-f]{64}$'),
  day date not null,
  primary key (key_id, nullifier)
);
comment on table private.ballot_spends is 'Ballots that were spent: the hash of what was signed, which whoever signed it has never seen. What was said stands elsewhere, without it.';
alter table private.ballot_spends enable row level security;

create table private.ballot_passes (
  pass_hash public.keyed_hash primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  expires_at timestamptz not null
);
comment on table private.ballot_passes is 'Links that somebody asked for in their messenger, by which their phone may draw without signing in there; forgotten the night after.';
create index ballot_passes_by_user on private.ballot_passes (user_id);
alter table private.ballot_passes enable row level security;

create table private.tables_without_order (
  name text primary key check (name ~ '^private\.[a-z_]+$')
);
comment on table private.tables_without_order is 'Written anew in random order each night. A migration that adds a table of answers names it here.';
alter table private.tables_without_order enable row level security;
insert into private.tables_without_order (name) values ('private.ballot_draws'), ('private.ballot_spends');

create table private.answer_networks (
  occasion_id uuid not null,
  network public.keyed_hash not null,
  answers integer not null check (answers > 0),
  closes_at timestamptz not null,
  primary key (occasion_id, network)
);
comment on table private.answer_networks is 'How many answers to an occasion came from one network, as a keyed hash, and not which; forgotten when the occasion is over.';
alter table private.answer_networks enable row level security;

create table private.answer_hours (
  occasion_id uuid not null,
  hour timestamptz not null check (hour = date_trunc('hour', hour)),
  answers integer not null check (answers > 0),
  closes_at timestamptz not null,
  primary key (occasion_id, hour)
);
comment on table private.answer_hours is 'Open answers of each hour, to see a burst; ballots and links are in none. Forgotten when the occasion is over.';
alter table private.answer_hours enable row level security;

-- Counts an answer from a network. → whether its network has given more than one in sixty of those that count already (shared/trust/response-marks.ts); the first one never has
create function private.is_one_of_many(p_occasion uuid, p_network text, p_counted bigint, p_closes_at timestamptz) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_answers integer;
begin
  insert into private.answer_networks as n (occasion_id, network, answers, closes_at) values (p_occasion, p_network, 1, p_closes_at) on conflict (occasion_id, network) do update set answers = n.answers + 1 returning n.answers into v_answers;
  return v_answers > greatest(1, p_counted / 60);
end;
$$;
revoke all on function private.is_one_of_many(uuid, text, bigint, timestamptz) from public;

-- Counts an open answer in its hour. → whether the hour has more than is usual in an hour with answers (shared/trust/response-marks.ts)
create function private.is_in_a_burst(p_occasion uuid, p_closes_at timestamptz) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_hour timestamptz := date_trunc('hour', private.clock());
  v_median double precision;
  v_answers integer;
begin
  select percentile_disc(0.5) within group (order by h.answers desc) into v_median from private.answer_hours h where h.occasion_id = p_occasion and h.hour < v_hour;
  insert into private.answer_hours as h (occasion_id, hour, answers, closes_at) values (p_occasion, v_hour, 1, p_closes_at) on conflict (occasion_id, hour) do update set answers = h.answers + 1 returning h.answers into v_answers;
  return v_answers > greatest(10, ceil(coalesce(v_median, 0) + 4 * sqrt(coalesce(v_median, 0))));
end;
$$;
revoke all on function private.is_in_a_burst(uuid, timestamptz) from public;

-- Marks of an answer that comes now, as shared/trust/response-marks.ts says them; it is counted in its network, and an open one in its hour. p_counted: answers of its kind that count already
create function private.marks_of(p_occasion uuid, p_closes_at timestamptz, p_is_open boolean, p_counted bigint, p_network text, p_is_staff boolean) returns text[]
language plpgsql volatile set search_path = '' as $$
declare
  v_marks text[] := '{}';
begin
  if private.is_one_of_many(p_occasion, p_network, p_counted, p_closes_at) then
    v_marks := v_marks || 'network'::text;
  end if;
  if p_is_staff then
    v_marks := v_marks || 'staff'::text;
  end if;
  if p_is_open and private.is_in_a_burst(p_occasion, p_closes_at) then
    v_marks := v_marks || 'burst'::text;
  end if;
  return v_marks;
end;
$$;
revoke all on function private.marks_of(uuid, timestamptz, boolean, bigint, text, boolean) from public;

-- Whether an answer counts: an open one that came in numbers from one network, or from the station, does not; a burst alone takes none out.
create function private.does_count(p_source text, p_marks text[]) returns boolean
language sql immutable set search_path = '' as $$
  select p_source <> 'open' or not p_marks && array['network', 'staff'];
$$;
revoke all on function private.does_count(text, text[]) from public;

-- A key that the portal has made for an occasion; the first one of two stays. p: {occasion, occasion_id, community, officer?, spki, private_sealed, opens_at, closes_at} → {ok, id, is_new}
create function public.keep_ballot_key(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_id uuid;
begin
  insert into private.ballot_keys (occasion, occasion_id, community_id, officer_id, spki, private_sealed, opens_at, closes_at)
  values (p ->> 'occasion', (p ->> 'occasion_id')::uuid, (p ->> 'community')::uuid, (p ->> 'officer')::uuid, p ->> 'spki', p ->> 'private_sealed', (p ->> 'opens_at')::timestamptz, (p ->> 'closes_at')::timestamptz)
  on conflict (occasion_id, community_id) do nothing returning id into v_id;
  return jsonb_build_object('ok', true, 'is_new', v_id is not null, 'id', coalesce(v_id, (select k.id from private.ballot_keys k where k.occasion_id = (p ->> 'occasion_id')::uuid and k.community_id = (p ->> 'community')::uuid)));
end;
$$;
comment on function public.keep_ballot_key(jsonb) is 'For the portal, which makes and seals keys. Definer: the tables have no grants.';
revoke all on function public.keep_ballot_key(jsonb) from public;
grant execute on function public.keep_ballot_key(jsonb) to service_role;

-- Takes a ballot whose signature the portal has checked; the caller writes what was said in the same transaction. → null, or why not
create function private.spend_ballot(p_key uuid, p_nullifier text) returns text
language plpgsql volatile set search_path = '' as $$
declare
  v_key private.ballot_keys;
begin
  select k.* into v_key from private.ballot_keys k where k.id = p_key;
  if v_key.id is null then
    return 'not_found';
  elsif private.clock() < v_key.opens_at or private.clock() >= v_key.closes_at then
    return 'round_closed';
  end if;
  insert into private.ballot_spends (key_id, nullifier, day)
  select v_key.id, p_nullifier, private.day_at(c.station_id, private.clock()) from public.communities c where c.id = v_key.community_id
  on conflict (key_id, nullifier) do nothing;
  return case when not found then 'ballot_spent' end;
end;
$$;
revoke all on function private.spend_ballot(uuid, text) from public;

/*
  Each night: every table of ballots and of what was said with them is written anew in random order, so that neither place nor transaction of a row says when it came (RULES E2).
  Keys whose occasion is over forget how to sign; who drew goes thirty days later. → {ok, shuffled, ended, forgotten}
*/
create function public.shuffle_ballots() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_table text;
  v_shuffled bigint := 0;
  v_rows bigint;
  v_ended integer;
  v_forgotten integer;
begin
  update private.ballot_keys k set private_sealed = null where k.closes_at <= private.clock() and k.private_sealed is not null;
  get diagnostics v_ended = row_count;
  delete from private.ballot_draws d using private.ballot_keys k where k.id = d.key_id and k.closes_at < private.clock() - interval '30 days';
  get diagnostics v_forgotten = row_count;
  delete from private.answer_networks n where n.closes_at <= private.clock();
  delete from private.answer_hours h where h.closes_at <= private.clock();
  delete from private.ballot_passes b where b.expires_at <= private.clock();
  for v_table in select t.name from private.tables_without_order t order by t.name loop
    execute format('lock table %s in access exclusive mode', v_table);
    execute format('create temporary table shuffled on commit drop as select * from %s order by gen_random_uuid()', v_table);
    execute format('truncate %s', v_table);
    execute format('insert into %s select * from pg_temp.shuffled', v_table);
    get diagnostics v_rows = row_count;
    v_shuffled := v_shuffled + v_rows;
    drop table pg_temp.shuffled;
  end loop;
  return jsonb_build_object('ok', true, 'shuffled', v_shuffled, 'ended', v_ended, 'forgotten', v_forgotten);
end;
$$;
comment on function public.shuffle_ballots() is 'For the job of the night. Definer: the tables have no grants.';
revoke all on function public.shuffle_ballots() from public;
grant execute on function public.shuffle_ballots() to service_role;

-- What the job would end and forget now; what it shuffles stays as it is but for its order.
create function public.foresee_ballots() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'ended', (select count(*) from private.ballot_keys k where k.closes_at <= private.clock() and k.private_sealed is not null),
    'forgotten', (select count(*) from private.ballot_draws d join private.ballot_keys k on k.id = d.key_id where k.closes_at < private.clock() - interval '30 days'));
$$;
comment on function public.foresee_ballots() is 'Definer: as shuffle_ballots.';
revoke all on function public.foresee_ballots() from public;
grant execute on function public.foresee_ballots() to service_role;
