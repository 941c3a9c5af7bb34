-- Purpose: one's patrols as a calendar that a phone subscribes to, by an address which nobody else knows.
-- Risk: two columns on shift_places, filled from what the rows say; the table is small. Otherwise new objects.

-- How often one's own place changed: with `sequence` of the shift it makes the SEQUENCE of RFC 5545, which may never fall.
alter table public.shift_places add column changes integer not null default 0 check (changes >= 0), add column changed_at timestamptz;
update public.shift_places set changed_at = coalesce(ended_at, signed_at);
alter table public.shift_places alter column changed_at set not null;
comment on column public.shift_places.changes is 'Rises with each change of the state; a trigger keeps it.';

create function private.count_place_changes() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    new.changed_at := coalesce(new.changed_at, private.clock());
  elsif new.state is distinct from old.state then
    new.changes := old.changes + 1;
    new.changed_at := greatest(old.changed_at, private.clock());
  end if;
  return new;
end;
$$;
comment on function private.count_place_changes() is 'Trigger. Definer: the tables have no grants.';
revoke all on function private.count_place_changes() from public;
create trigger shift_places_count_their_changes before insert or update of state on public.shift_places for each row execute function private.count_place_changes();

create table private.calendar_feeds (
  volunteer_id uuid primary key references public.volunteers (id) on delete cascade,
  feed_id uuid not null unique default gen_random_uuid(),
  token_hash public.keyed_hash unique,
  created_at timestamptz not null,
  revoked_at timestamptz,
  last_read_on date,
  constraint feeds_are_open_or_revoked check ((token_hash is null) = (revoked_at is not null))
);
comment on table private.calendar_feeds is 'The address of a calendar, by the keyed hash of its token. `feed_id` stays when the address is renewed. Of reading, the day only.';
alter table private.calendar_feeds enable row level security;

-- The address goes with the account, and with the contact after its term.
create function private.forget_feed() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  delete from private.calendar_feeds f where f.volunteer_id = case when tg_table_name = 'volunteers' then (to_jsonb(new) ->> 'id')::uuid else (to_jsonb(old) ->> 'volunteer_id')::uuid end;
  return null;
end;
$$;
comment on function private.forget_feed() is 'Trigger. Definer: nobody deletes directly.';
revoke all on function private.forget_feed() from public;
create trigger volunteers_take_their_feed after update of user_id on public.volunteers for each row when (new.user_id is null) execute function private.forget_feed();
create trigger volunteer_contacts_take_the_feed after delete on private.volunteer_contacts for each row execute function private.forget_feed();

-- The caller's feed as their page shows it. → {ok, feed: {created_at, last_read_on} | null}
create function public.get_calendar_feed() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_volunteer public.volunteers := private.volunteer_of(v_actor);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  return jsonb_build_object('ok', true, 'feed', (select jsonb_build_object('created_at', f.created_at, 'last_read_on', f.last_read_on) from private.calendar_feeds f where f.volunteer_id = v_volunteer.id and f.revoked_at is null));
end;
$$;
comment on function public.get_calendar_feed() is 'Definer: the tables have no grants.';
revoke all on function public.get_calendar_feed() from public;
grant execute on function public.get_calendar_feed() to authenticated;

-- A new address, which ends the one before, or none any more. p: {actor, session, token_hash: null ends it} → {ok} | sign_in_required, not_enrolled, not_found: there was none
create function public.change_calendar_feed(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_now timestamptz := private.clock();
  v_volunteer public.volunteers := private.volunteer_of(v_actor);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  elsif v_volunteer.id is null then
    return private.refuse('not_enrolled');
  end if;
  if p ->> 'token_hash' is null then
    update private.calendar_feeds f set token_hash = null, revoked_at = v_now, last_read_on = null where f.volunteer_id = v_volunteer.id and f.revoked_at is null;
    if not found then
      return private.refuse('not_found');
    end if;
    perform private.log(v_volunteer.station_id, null, 'resident', 'volunteer.calendar_ended', 'patrols', v_volunteer.id);
    return jsonb_build_object('ok', true);
  end if;
  if v_volunteer.state not in ('enrolled', 'active', 'suspended') then
    return private.refuse('not_enrolled');
  end if;
  insert into private.calendar_feeds (volunteer_id, token_hash, created_at) values (v_volunteer.id, p ->> 'token_hash', v_now)
  on conflict (volunteer_id) do update set token_hash = excluded.token_hash, created_at = v_now, revoked_at = null, last_read_on = null;
  perform private.log(v_volunteer.station_id, null, 'resident', 'volunteer.calendar_made', 'patrols', v_volunteer.id);
  return jsonb_build_object('ok', true);
end;
$$;
comment on function public.change_calendar_feed(jsonb) is 'For the server, which makes the token. Definer: nobody writes the roster directly.';
revoke all on function public.change_calendar_feed(jsonb) from public;
grant execute on function public.change_calendar_feed(jsonb) to service_role;

/*
  What the calendar behind a token holds: every shift that somebody has, awaits or had a place on, until 60 days after its end. Of several places on one shift the newest says how it stands;
  all of them count for the sequence. p: {token_hash}
  → {ok, feed, locale, shifts: [{id, type, community, place, starts_at, ends_at, state, sequence, revised_at}]} | not_found: unknown, revoked, erased, or left 60 days ago
*/
create function public.read_calendar_feed(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_feed private.calendar_feeds;
  v_volunteer public.volunteers;
begin
  select f.* into v_feed from private.calendar_feeds f where f.token_hash = p ->> 'token_hash' and f.revoked_at is null;
  select v.* into v_volunteer from public.volunteers v where v.id = v_feed.volunteer_id and v.user_id is not null and (v.state <> 'left' or v.changed_at > v_now - interval '60 days');
  if v_volunteer.id is null then
    return private.refuse('not_found');
  end if;
  update private.calendar_feeds f set last_read_on = private.day_at(v_volunteer.station_id, v_now) where f.volunteer_id = v_volunteer.id and f.last_read_on is distinct from private.day_at(v_volunteer.station_id, v_now);
  return jsonb_build_object('ok', true, 'feed', v_feed.feed_id, 'locale', coalesce((select l.locale from public.profiles l where l.user_id = v_volunteer.user_id), 'zh'),
    'shifts', coalesce((
      select jsonb_agg(jsonb_build_object('id', s.id, 'type', t.name, 'community', c.name, 'place', r.name, 'starts_at', lower(s.period), 'ends_at', upper(s.period),
          'state', case when m.state = 'no_show' then 'confirmed' else m.state end, 'sequence', s.sequence + m.changes, 'revised_at', greatest(s.revised_at, m.changed_at)) order by lower(s.period), s.id)
      from (
        select q.shift_id, (array_agg(q.state::text order by q.queue desc))[1] as state, sum(q.changes + 1)::integer - 1 as changes, max(q.changed_at) as changed_at
        from public.shift_places q where q.volunteer_id = v_volunteer.id and upper(q.period) > v_now - interval '60 days' group by q.shift_id
      ) m join public.patrol_shifts s on s.id = m.shift_id join public.shift_types t on t.code = s.type_code join public.communities c on c.id = s.community_id left join public.patrol_routes r on r.id = s.route_id), '[]'::jsonb));
end;
$$;
comment on function public.read_calendar_feed(jsonb) is 'For the server, which hashes the token. Definer: the tables have no grants.';
revoke all on function public.read_calendar_feed(jsonb) from public;
grant execute on function public.read_calendar_feed(jsonb) to service_role;
