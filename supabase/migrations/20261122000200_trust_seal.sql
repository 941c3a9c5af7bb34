-- Purpose: the chain that sealed rows hang on (RULES C4): blocks of leaves, signed in the portal with a key that the database never holds,
-- and one Merkle root a day. A job appends; the verifier reads it back beside the rows as they are now, in pages (RULES A7).
-- Risk: none for data, new objects. Nothing here runs inside the transaction that files a report.

create domain public.seal_source as text check (value in ('audit_log', 'reports', 'report_contents', 'report_attachments'));
comment on domain public.seal_source is 'Where a leaf comes from: rows of three tables, and the content hash of a report, which is the leaf its receipt can prove.';

create table private.seal_blocks (
  number bigint primary key check (number > 0),
  sealed_at timestamptz not null,
  day date not null,
  previous public.hex_256 references private.seal_blocks (hash) on delete restrict,
  root public.hex_256 not null,
  leaves integer not null check (leaves > 0),
  log_until bigint not null check (log_until >= 0),
  key_id text not null,
  signature text not null check (char_length(signature) between 80 and 100),
  hash public.hex_256 not null unique,
  check ((number = 1) = (previous is null))
);
comment on table private.seal_blocks is 'Blocks of the chain. `hash` is the SHA-256 of the signed header, which names the block before; `day` is the day of the station.';
comment on column private.seal_blocks.log_until is 'Every row of the log with an id up to here is sealed, or was never written.';
create index seal_blocks_by_day on private.seal_blocks (day, number);
alter table private.seal_blocks enable row level security;

create table private.seal_leaves (
  block bigint not null references private.seal_blocks (number) on delete restrict,
  position integer not null check (position >= 0),
  source public.seal_source not null,
  row_id text not null,
  -- Not a foreign key: an erased report leaves its leaves behind.
  report_id uuid,
  version smallint not null,
  at timestamptz not null,
  digest public.hex_256 not null,
  primary key (block, position),
  unique (source, row_id)
);
comment on table private.seal_leaves is 'What was sealed: which row, under which list of columns (`version`), and the SHA-256 of its canonical text.';
alter table private.seal_leaves enable row level security;

create table private.seal_roots (
  day date primary key,
  root public.hex_256 not null,
  previous public.hex_256,
  first_block bigint not null references private.seal_blocks (number) on delete restrict,
  last_block bigint not null references private.seal_blocks (number) on delete restrict,
  published_at timestamptz not null,
  key_id text not null,
  signature text not null,
  hash public.hex_256 not null unique,
  check (last_block >= first_block)
);
comment on table private.seal_roots is 'One Merkle root for each day of the station that has blocks, over the hashes of its blocks. Published, so that copies lie outside.';
alter table private.seal_roots enable row level security;

create table private.seal_checks (
  id uuid primary key default gen_random_uuid(),
  started_at timestamptz not null,
  finished_at timestamptz,
  station_id uuid references public.stations (id) on delete cascade,
  actor_id uuid,
  actor_role public.actor_role not null,
  cursor jsonb not null,
  blocks bigint not null default 0,
  rows bigint not null default 0,
  erased bigint not null default 0,
  findings bigint not null default 0,
  found jsonb not null default '[]'::jsonb
);
comment on table private.seal_checks is 'Runs of the verifier: how far, how many, and the first hundred rows found wrong. The end of a run is a row of the log.';
alter table private.seal_checks enable row level security;

create trigger seal_blocks_are_append_only before update or delete on private.seal_blocks for each row execute function private.refuse_change();
create trigger seal_blocks_are_never_emptied before truncate on private.seal_blocks for each statement execute function private.refuse_change();
create trigger seal_leaves_are_append_only before update or delete on private.seal_leaves for each row execute function private.refuse_change();
create trigger seal_leaves_are_never_emptied before truncate on private.seal_leaves for each statement execute function private.refuse_change();
create trigger seal_roots_are_append_only before update or delete on private.seal_roots for each row execute function private.refuse_change();
create trigger seal_roots_are_never_emptied before truncate on private.seal_roots for each statement execute function private.refuse_change();

/*
  Canonical text of a row: a JSON array of a named list of columns, each as text. A version of a list never changes; a column that is
  added to a table belongs to no old list, so old leaves go on verifying. What handling changes (state, assignee, wrapped keys) and what
  an erasure may take (owner, contact, nonce) is in no list.
*/
create function private.utc_text(p_at timestamptz) returns text
language sql immutable set search_path = '' as $$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
$$;

create function private.canonical_log(p_row public.audit_log, p_version smallint) returns text
language sql immutable set search_path = '' as $$
  select case p_version when 1 then jsonb_build_array(p_row.id::text, private.utc_text(p_row.at), p_row.station_id::text, p_row.actor_id::text, p_row.actor_role::text,
    p_row.action::text, p_row.noun, p_row.noun_id::text, p_row.details::text)::text end;
$$;
comment on function private.canonical_log(public.audit_log, smallint) is 'Version 1: id, at, station_id, actor_id, actor_role, action, noun, noun_id, details.';

create function private.canonical_report(p_row public.reports, p_version smallint) returns text
language sql immutable set search_path = '' as $$
  select case p_version when 1 then jsonb_build_array(p_row.id::text, p_row.reference::text, p_row.station_id::text, p_row.category_code, private.utc_text(p_row.received_at),
    private.utc_text(p_row.occurred_at), p_row.channel::text, p_row.contact_mode::text, p_row.receipt_hash::text, p_row.content_hash::text, p_row.content_sealed::text)::text end;
$$;
comment on function private.canonical_report(public.reports, smallint) is 'Version 1: id, reference, station_id, category_code, received_at, occurred_at, channel, contact_mode, receipt_hash, content_hash, content_sealed.';

create function private.canonical_attachment(p_row public.report_attachments, p_version smallint) returns text
language sql immutable set search_path = '' as $$
  select case p_version when 1 then jsonb_build_array(p_row.id::text, p_row.report_id::text, private.utc_text(p_row.at), p_row.author::text, p_row.media_type,
    p_row.size_bytes::text, p_row.sha256::text)::text end;
$$;
comment on function private.canonical_attachment(public.report_attachments, smallint) is 'Version 1: id, report_id, at, author, media_type, size_bytes, sha256.';

/*
  Up to which id every row of the log is settled: written and committed, or never to come. Ids are handed out before commit, so the
  highest visible id says nothing. Whoever inserts holds a lock on the table before it takes an id: once all who hold it now are gone,
  every id handed out before is settled. They get a second; if somebody stays longer, the rows up to the first missing id are.
*/
create function private.settled_log(p_from bigint) returns bigint
language plpgsql volatile set search_path = '' as $$
declare
  v_last bigint;
  v_writers text[];
begin
  select case when s.is_called then s.last_value else 0 end into v_last from public.audit_log_id_seq s;
  v_writers := array(select l.virtualtransaction from pg_catalog.pg_locks l
    where l.locktype = 'relation' and l.relation = 'public.audit_log'::regclass and l.mode = 'RowExclusiveLock' and l.pid <> pg_catalog.pg_backend_pid()
      and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database()));
  for i in 1..20 loop
    exit when not exists (select from pg_catalog.pg_locks l where l.locktype = 'relation' and l.relation = 'public.audit_log'::regclass and l.virtualtransaction = any (v_writers));
    if i = 20 then
      return coalesce((select max(t.id) from (select a.id, row_number() over (order by a.id) as n from (
        select l.id from public.audit_log l where l.id > p_from order by l.id limit 5000) a) t where t.id = p_from + t.n), p_from);
    end if;
    perform pg_catalog.pg_sleep(0.05);
  end loop;
  return v_last;
end;
$$;

-- What the next block takes: rows of the log, and the reports and files that they tell of. p_limit rows of the log at most.
create function public.seal_candidates(p_limit integer default 500) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 500), 1), 2000);
  v_head private.seal_blocks;
  v_from bigint;
  v_until bigint;
  v_count integer;
  v_leaves jsonb;
begin
  select b.* into v_head from private.seal_blocks b order by b.number desc limit 1;
  v_from := coalesce(v_head.log_until, 0);
  v_until := private.settled_log(v_from);
  select count(*), coalesce(case when count(*) = v_limit then max(t.id) end, v_until) into v_count, v_until
  from (select l.id from public.audit_log l where l.id > v_from and l.id <= v_until order by l.id limit v_limit) t;
  with log as (
    select l.* from public.audit_log l where l.id > v_from and l.id <= v_until
  ), filed as (
    select distinct l.noun_id as id from log l where l.noun = 'reports' and l.action = 'report.submitted' and l.noun_id is not null
  ), touched as (
    select distinct l.noun_id as id from log l where l.noun = 'reports' and l.action in ('report.submitted', 'attachment.added') and l.noun_id is not null
  ), leaves as (
    select 1 as part, lpad(l.id::text, 20, '0') as place, 'audit_log' as source, l.id::text as row_id, case when l.noun = 'reports' then l.noun_id end as report_id, l.at,
      private.canonical_log(l.*::public.audit_log, 1::smallint) as text, null::text as digest
    from public.audit_log l where l.id > v_from and l.id <= v_until
    union all
    select 2, r.id::text, 'reports', r.id::text, r.id, r.received_at, private.canonical_report(r.*::public.reports, 1::smallint), null
    from public.reports r where r.id in (select f.id from filed f) and not exists (select from private.seal_leaves s where s.source = 'reports' and s.row_id = r.id::text)
    union all
    select 3, r.id::text, 'report_contents', r.reference::text, r.id, r.received_at, null, r.content_hash::text
    from public.reports r where r.id in (select f.id from filed f) and not exists (select from private.seal_leaves s where s.source = 'report_contents' and s.row_id = r.reference::text)
    union all
    select 4, a.id::text, 'report_attachments', a.id::text, a.report_id, a.at, private.canonical_attachment(a.*::public.report_attachments, 1::smallint), null
    from public.report_attachments a where a.report_id in (select t.id from touched t) and not exists (select from private.seal_leaves s where s.source = 'report_attachments' and s.row_id = a.id::text)
  )
  select coalesce(jsonb_agg(jsonb_build_object('source', e.source, 'row', e.row_id, 'report_id', e.report_id, 'version', 1, 'at', private.utc_text(e.at), 'text', e.text, 'digest', e.digest)
    order by e.part, e.place), '[]'::jsonb) into v_leaves from leaves e;
  return jsonb_build_object('ok', true, 'now', private.utc_text(private.clock()), 'day', private.station_day(private.clock()),
    'number', coalesce(v_head.number, 0) + 1, 'previous', v_head.hash, 'log_until', v_until, 'leaves', v_leaves, 'has_more', v_count = v_limit);
end;
$$;
comment on function public.seal_candidates(integer) is 'Rows that wait for a seal, all older than any transaction that still runs. Definer: reads canonical rows for the portal to hash and sign.';
revoke all on function public.seal_candidates(integer) from public;
grant execute on function public.seal_candidates(integer) to service_role;

create function private.station_day(p_at timestamptz) returns date
language sql stable set search_path = '' as $$
  select (p_at at time zone coalesce((select s.time_zone from public.stations s where s.is_default), 'Asia/Shanghai'))::date;
$$;

/*
  p: number, sealed_at, day, previous?, root, log_until, key_id, signature, hash, leaves[]: {source, row, report_id?, version, at, digest} in their order
  → {ok} | {ok: false, code: conflict} when another worker was faster
*/
create function public.append_block(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_head private.seal_blocks;
begin
  -- One at a time; released at the end of the transaction.
  perform pg_catalog.pg_advisory_xact_lock(7446531);
  select b.* into v_head from private.seal_blocks b order by b.number desc limit 1;
  if (p ->> 'number')::bigint is distinct from coalesce(v_head.number, 0) + 1 or p ->> 'previous' is distinct from v_head.hash::text
    or (p ->> 'log_until')::bigint < coalesce(v_head.log_until, 0) or (p ->> 'day')::date < v_head.day
    or exists (select from private.seal_roots r where r.day >= (p ->> 'day')::date) then
    return private.refuse('conflict');
  end if;
  insert into private.seal_blocks (number, sealed_at, day, previous, root, leaves, log_until, key_id, signature, hash)
  values ((p ->> 'number')::bigint, (p ->> 'sealed_at')::timestamptz, (p ->> 'day')::date, p ->> 'previous', p ->> 'root', jsonb_array_length(p -> 'leaves'),
    (p ->> 'log_until')::bigint, p ->> 'key_id', p ->> 'signature', p ->> 'hash');
  insert into private.seal_leaves (block, position, source, row_id, report_id, version, at, digest)
  select (p ->> 'number')::bigint, (e.place - 1)::integer, e.leaf ->> 'source', e.leaf ->> 'row', (e.leaf ->> 'report_id')::uuid, (e.leaf ->> 'version')::smallint, (e.leaf ->> 'at')::timestamptz, e.leaf ->> 'digest'
  from jsonb_array_elements(p -> 'leaves') with ordinality as e (leaf, place);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.append_block(jsonb) is 'Adds a signed block. Definer: the chain is private, and only added to.';
revoke all on function public.append_block(jsonb) from public;
grant execute on function public.append_block(jsonb) to service_role;

-- The next day that is over and has blocks without a root: {ok, day?, previous?, blocks[]: {number, hash}}
create function public.root_candidate() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_last private.seal_roots;
  v_day date;
begin
  select r.* into v_last from private.seal_roots r order by r.day desc limit 1;
  select min(b.day) into v_day from private.seal_blocks b where (v_last.day is null or b.day > v_last.day) and b.day < private.station_day(private.clock());
  if v_day is null then
    return '{"ok": true, "day": null, "previous": null, "blocks": []}'::jsonb;
  end if;
  return jsonb_build_object('ok', true, 'now', private.utc_text(private.clock()), 'day', v_day, 'previous', v_last.hash,
    'blocks', (select jsonb_agg(jsonb_build_object('number', b.number, 'hash', b.hash) order by b.number) from private.seal_blocks b where b.day = v_day));
end;
$$;
comment on function public.root_candidate() is 'For the portal to build and sign the root of a day. Definer: the chain is private.';
revoke all on function public.root_candidate() from public;
grant execute on function public.root_candidate() to service_role;

-- p: day, root, previous?, first_block, last_block, published_at, key_id, signature, hash
create function public.append_root(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_last private.seal_roots;
begin
  perform pg_catalog.pg_advisory_xact_lock(7446531);
  select r.* into v_last from private.seal_roots r order by r.day desc limit 1;
  if p ->> 'previous' is distinct from v_last.hash::text or (p ->> 'day')::date <= v_last.day or not (p ->> 'day')::date < private.station_day(private.clock()) then
    return private.refuse('conflict');
  end if;
  insert into private.seal_roots (day, root, previous, first_block, last_block, published_at, key_id, signature, hash)
  values ((p ->> 'day')::date, p ->> 'root', p ->> 'previous', (p ->> 'first_block')::bigint, (p ->> 'last_block')::bigint, (p ->> 'published_at')::timestamptz,
    p ->> 'key_id', p ->> 'signature', p ->> 'hash');
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.append_root(jsonb) is 'Adds the signed root of a day. Definer: the chain is private, and only added to.';
revoke all on function public.append_root(jsonb) from public;
grant execute on function public.append_root(jsonb) to service_role;

create function private.root_facts(p_root private.seal_roots) returns jsonb
language sql immutable set search_path = '' as $$
  select jsonb_build_object('day', p_root.day, 'root', p_root.root, 'previous', p_root.previous, 'first_block', p_root.first_block, 'last_block', p_root.last_block,
    'published_at', private.utc_text(p_root.published_at), 'key_id', p_root.key_id, 'signature', p_root.signature);
$$;

create function private.block_facts(p_block private.seal_blocks) returns jsonb
language sql immutable set search_path = '' as $$
  select jsonb_build_object('number', p_block.number, 'sealed_at', private.utc_text(p_block.sealed_at), 'day', p_block.day, 'previous', p_block.previous, 'root', p_block.root,
    'leaves', p_block.leaves, 'log_until', p_block.log_until, 'key_id', p_block.key_id, 'signature', p_block.signature, 'hash', p_block.hash);
$$;

-- Published roots, newest first: a year at once. p_before: only older days.
create function public.list_roots(p_before date default null) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'roots', coalesce((select jsonb_agg(private.root_facts(t.*::private.seal_roots) order by t.day desc)
    from (select r.* from private.seal_roots r where p_before is null or r.day < p_before order by r.day desc limit 366) t), '[]'::jsonb));
$$;
comment on function public.list_roots(date) is 'What /verify/roots.json publishes. Definer: the chain is private.';
revoke all on function public.list_roots(date) from public;
grant execute on function public.list_roots(date) to service_role;

-- Where a content hash is sealed, with what a proof is built of. Whoever knows the hash has the receipt file: it covers a secret nonce.
create function public.find_seal(p_reference text, p_content_hash text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_leaf private.seal_leaves;
  v_block private.seal_blocks;
  v_root private.seal_roots;
begin
  select s.* into v_leaf from private.seal_leaves s where s.source = 'report_contents' and s.row_id = p_reference and s.digest = p_content_hash;
  if not found then
    return '{"ok": true, "seal": null}'::jsonb;
  end if;
  select b.* into v_block from private.seal_blocks b where b.number = v_leaf.block;
  select r.* into v_root from private.seal_roots r where v_leaf.block between r.first_block and r.last_block;
  return jsonb_build_object('ok', true, 'seal', jsonb_build_object(
    'position', v_leaf.position, 'block', private.block_facts(v_block),
    'leaves', (select jsonb_agg(jsonb_build_object('source', s.source, 'row', s.row_id, 'version', s.version, 'at', private.utc_text(s.at), 'digest', s.digest) order by s.position)
      from private.seal_leaves s where s.block = v_leaf.block),
    'root', case when v_root.day is not null then private.root_facts(v_root) end,
    'day_blocks', case when v_root.day is not null then (select jsonb_agg(jsonb_build_object('number', b.number, 'hash', b.hash) order by b.number)
      from private.seal_blocks b where b.number between v_root.first_block and v_root.last_block) end));
end;
$$;
comment on function public.find_seal(text, text) is 'Definer: the chain is private. The other leaves stay in the portal, which hands out the path of one only.';
revoke all on function public.find_seal(text, text) from public;
grant execute on function public.find_seal(text, text) to service_role;

/*
  /verify: does the station still hold what the receipt file proves? p: reference, content_hash, nonce, limits[]
  → {ok, state: 'kept' (with content for the portal to hash) | 'erased' | 'unknown'}. The nonce is 256 secret bits that only the reporter's file and the row hold.
*/
create function public.check_receipt(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_report public.reports;
  v_erased timestamptz;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and r.content_hash = p ->> 'content_hash' and r.nonce = p ->> 'nonce';
  if found then
    return jsonb_build_object('ok', true, 'state', 'kept', 'id', v_report.id, 'content_key', v_report.content_key, 'content_sealed', v_report.content_sealed);
  end if;
  select l.at into v_erased from private.seal_leaves s join public.audit_log l on l.noun_id = s.report_id and l.action = 'report.erased'
  where s.source = 'report_contents' and s.row_id = p ->> 'reference' and s.digest = p ->> 'content_hash' limit 1;
  return jsonb_build_object('ok', true, 'state', case when v_erased is null then 'unknown' else 'erased' end, 'at', v_erased);
end;
$$;
comment on function public.check_receipt(jsonb) is 'The reporter''s own check, which is not logged (RULES B3). Definer: texts have no SELECT grant.';
revoke all on function public.check_receipt(jsonb) from public;
grant execute on function public.check_receipt(jsonb) to service_role;

-- What an erasure leaves: a row of the log, sealed and thereby signed like any other (RULES C3). Call it before the report goes.
create function private.leave_tombstone(p_report public.reports, p_actor uuid, p_role text, p_reason text) returns void
language sql volatile set search_path = '' as $$
  select private.log((p_report).station_id, p_actor, p_role, 'report.erased', 'reports', p_report.id,
    jsonb_build_object('erased', p_report.reference, 'content_hash', p_report.content_hash, 'because', p_reason));
$$;

/*
  The verifier, in pages. begin_seal_check opens a run; read_seal_page answers what its cursor points at; record_seal_page keeps what the
  portal found and moves on; the last page ends the run with a row of the log. Without an actor: the command on the server.
*/
create function private.seal_reader(p jsonb) returns public.staff
language plpgsql stable set search_path = '' as $$
declare
  v_staff public.staff;
begin
  if p ->> 'actor' is not null then
    v_staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  end if;
  return v_staff;
end;
$$;

create function public.begin_seal_check(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.seal_reader(p);
  v_id uuid;
begin
  if p ->> 'actor' is not null and (v_staff.user_id is null or v_staff.role not in ('auditor', 'chief')) then
    return private.refuse('forbidden');
  end if;
  insert into private.seal_checks (started_at, station_id, actor_id, actor_role, cursor)
  values (private.clock(), coalesce(v_staff.station_id, (select s.id from public.stations s where s.is_default)), v_staff.user_id, coalesce(v_staff.role, 'system'), '{"phase": "blocks", "after": 0}')
  returning id into v_id;
  return jsonb_build_object('ok', true, 'id', v_id, 'blocks', (select coalesce(max(b.number), 0) from private.seal_blocks b));
end;
$$;
comment on function public.begin_seal_check(jsonb) is 'For auditor and chief, or the command on the server. Definer: the chain is private.';
revoke all on function public.begin_seal_check(jsonb) from public;
grant execute on function public.begin_seal_check(jsonb) to service_role;

-- The run of a caller, if it is theirs and still open.
create function private.open_check(p jsonb) returns private.seal_checks
language sql stable set search_path = '' as $$
  select c.* from private.seal_checks c
  where c.id = (p ->> 'id')::uuid and c.finished_at is null and c.actor_id is not distinct from (private.seal_reader(p)).user_id;
$$;

create function private.leaf_now(p_leaf private.seal_leaves) returns text
language sql stable set search_path = '' as $$
  select case p_leaf.source
    when 'audit_log' then (select private.canonical_log(l, p_leaf.version) from public.audit_log l where l.id = p_leaf.row_id::bigint)
    when 'reports' then (select private.canonical_report(r, p_leaf.version) from public.reports r where r.id = p_leaf.row_id::uuid)
    when 'report_contents' then (select r.content_hash::text from public.reports r where r.reference = p_leaf.row_id)
    when 'report_attachments' then (select private.canonical_attachment(a, p_leaf.version) from public.report_attachments a where a.id = p_leaf.row_id::uuid)
  end;
$$;

-- p: id, actor?, session?, leaves? (how many at most, 1000) → {ok, phase, …}
create function public.read_seal_page(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_check private.seal_checks := private.open_check(p);
  v_after bigint;
  v_limit integer := least(greatest(coalesce((p ->> 'leaves')::integer, 1000), 1), 5000);
  v_before private.seal_blocks;
  v_last bigint;
begin
  if v_check.id is null then
    return private.refuse('not_found');
  end if;
  if v_check.cursor ->> 'phase' = 'blocks' then
    v_after := (v_check.cursor ->> 'after')::bigint;
    select b.* into v_before from private.seal_blocks b where b.number <= v_after order by b.number desc limit 1;
    -- As many blocks as fit, but one at least.
    select max(t.number) into v_last from (
      select b.number, sum(b.leaves) over (order by b.number) - b.leaves as sooner from private.seal_blocks b where b.number > v_after order by b.number limit 200) t
    where t.sooner = 0 or t.sooner < v_limit;
    return jsonb_build_object('ok', true, 'phase', 'blocks', 'at', v_check.cursor, 'after', v_after, 'previous', v_before.hash,
      'blocks', coalesce((select jsonb_agg(private.block_facts(b.*::private.seal_blocks) || jsonb_build_object('rows', (
          select coalesce(jsonb_agg(jsonb_build_object('position', s.position, 'source', s.source, 'row', s.row_id, 'version', s.version, 'at', private.utc_text(s.at), 'digest', s.digest,
            'now', private.leaf_now(s.*::private.seal_leaves),
            -- Gone by the rules: a row that still stands has to be what it was, also after its reporter was detached from it.
            'is_erased', s.source <> 'audit_log' and private.leaf_now(s.*::private.seal_leaves) is null
              and exists (select from public.audit_log l where l.noun_id = s.report_id and l.action = 'report.erased' and l.details ->> 'because' <> 'account_erased')) order by s.position), '[]'::jsonb)
          from private.seal_leaves s where s.block = b.number)) order by b.number)
        from private.seal_blocks b where b.number > v_after and b.number <= v_last), '[]'::jsonb),
      -- Between the sealed ones and below the mark: put in later.
      'added', coalesce((select jsonb_agg(jsonb_build_object('row', l.id::text, 'at', private.utc_text(l.at)) order by l.id)
        from public.audit_log l where l.id > coalesce(v_before.log_until, 0) and l.id <= (select b.log_until from private.seal_blocks b where b.number = v_last)
          and not exists (select from private.seal_leaves s where s.source = 'audit_log' and s.row_id = l.id::text)), '[]'::jsonb));
  elsif v_check.cursor ->> 'phase' = 'reports' then
    return jsonb_build_object('ok', true, 'phase', 'reports', 'at', v_check.cursor, 'rows', coalesce((
      select jsonb_agg(jsonb_build_object('row', t.id, 'at', private.utc_text(t.received_at),
        'is_sealed', t.received_at > v_check.started_at - interval '1 hour' or exists (select from private.seal_leaves s where s.source = 'reports' and s.row_id = t.id::text)) order by t.id)
      from (select r.id, r.received_at from public.reports r where v_check.cursor ->> 'after' is null or r.id > (v_check.cursor ->> 'after')::uuid order by r.id limit v_limit) t), '[]'::jsonb));
  end if;
  return jsonb_build_object('ok', true, 'phase', 'roots', 'at', v_check.cursor, 'roots', coalesce((
    select jsonb_agg(private.root_facts(t.*::private.seal_roots) || jsonb_build_object('hash', t.hash,
      'before', (select o.hash from private.seal_roots o where o.day < t.day order by o.day desc limit 1),
      'blocks', coalesce((select jsonb_agg(b.hash order by b.number) from private.seal_blocks b where b.day = t.day), '[]'::jsonb)) order by t.day)
    from (select r.* from private.seal_roots r where v_check.cursor ->> 'after' is null or r.day > (v_check.cursor ->> 'after')::date order by r.day limit 10) t), '[]'::jsonb));
end;
$$;
comment on function public.read_seal_page(jsonb) is 'Sealed rows beside what they are now, for the portal to compare. Definer: chain and texts are private; what leaves are ciphertexts and ids, to the portal only.';
revoke all on function public.read_seal_page(jsonb) from public;
grant execute on function public.read_seal_page(jsonb) to service_role;

-- p: id, actor?, session?, at (the page that was compared: nobody counts one twice), cursor: {phase, after} or null at the end, blocks, rows, erased, found[]: {kind, source, row, at, block}
create function public.record_seal_page(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_check private.seal_checks := private.open_check(p);
begin
  if v_check.id is null then
    return private.refuse('not_found');
  end if;
  update private.seal_checks c set
    cursor = coalesce(nullif(p -> 'cursor', 'null'::jsonb), c.cursor),
    finished_at = case when coalesce(p -> 'cursor', 'null'::jsonb) = 'null'::jsonb then private.clock() end,
    blocks = c.blocks + (p ->> 'blocks')::bigint, rows = c.rows + (p ->> 'rows')::bigint, erased = c.erased + (p ->> 'erased')::bigint,
    findings = c.findings + jsonb_array_length(p -> 'found'),
    found = (select coalesce(jsonb_agg(e.value order by e.place), '[]'::jsonb) from jsonb_array_elements(c.found || (p -> 'found')) with ordinality as e (value, place) where e.place <= 100)
  where c.id = v_check.id and c.cursor = p -> 'at' and c.finished_at is null
  returning c.* into v_check;
  if not found then
    return private.refuse('conflict');
  end if;
  if v_check.finished_at is not null then
    if v_check.findings = 0 then
      perform private.log(v_check.station_id, v_check.actor_id, v_check.actor_role, 'trust.verified', 'trust', null,
        jsonb_build_object('blocks', v_check.blocks, 'rows', v_check.rows, 'erased', v_check.erased));
    else
      perform private.log(v_check.station_id, v_check.actor_id, v_check.actor_role, 'trust.breach_found', 'trust', null,
        jsonb_build_object('blocks', v_check.blocks, 'rows', v_check.rows, 'findings', v_check.findings, 'first', v_check.found -> 0));
    end if;
  end if;
  return jsonb_build_object('ok', true, 'is_done', v_check.finished_at is not null, 'blocks', v_check.blocks, 'rows', v_check.rows, 'erased', v_check.erased, 'findings', v_check.findings, 'found', v_check.found);
end;
$$;
comment on function public.record_seal_page(jsonb) is 'Keeps what the verifier found; the end of a run is logged. Definer: runs are private.';
revoke all on function public.record_seal_page(jsonb) from public;
grant execute on function public.record_seal_page(jsonb) to service_role;

-- Internal functions are called by the functions above, never by the API roles.
do $$
declare
  f record;
begin
  for f in select p.oid::regprocedure as signature from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'private' and p.proname in ('utc_text', 'canonical_log', 'canonical_report', 'canonical_attachment', 'settled_log', 'station_day', 'root_facts', 'block_facts',
      'leave_tombstone', 'seal_reader', 'open_check', 'leaf_now') loop
    execute format('revoke all on function %s from public', f.signature);
  end loop;
end $$;
