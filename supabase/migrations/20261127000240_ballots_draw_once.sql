-- Purpose: one person draws one ballot of a round or survey, also when their verification moves to another community while it is open (RULES E1).
-- Risk: low. The two functions of drawing are told under which other keys of the round or survey the portal would know the same person.

-- The other keys of a key's round or survey.
create function private.sister_keys(p_key uuid) returns setof uuid
language sql stable set search_path = '' as $$
  select o.id from private.ballot_keys k join private.ballot_keys o on o.occasion = k.occasion and o.id <> k.id
    and (o.occasion_id = k.occasion_id or exists (select from private.rating_subjects s join private.rating_subjects t on t.round_id = s.round_id where s.id = k.occasion_id and t.id = o.occasion_id))
  where k.id = p_key;
$$;
revoke all on function private.sister_keys(uuid) from public;

-- p: {elsewhere: [{key, person}]}; what the portal leaves out counts as not asked, so that a key without its person refuses.
create function private.may_draw_here(p_key uuid, p jsonb) returns boolean
language sql stable set search_path = '' as $$
  select not exists (select from private.sister_keys(p_key) o (id) left join jsonb_array_elements(coalesce(p -> 'elsewhere', '[]'::jsonb)) e on (e.value ->> 'key')::uuid = o.id
    where e.value ->> 'person' is null or exists (select from private.ballot_draws d where d.key_id = o.id and d.person = e.value ->> 'person'));
$$;
revoke all on function private.may_draw_here(uuid, jsonb) from public;

-- As it was, with the other keys of its round or survey. p: {key} → {ok, key: {id, occasion, occasion_id, community, spki, is_open, sisters: [id]}} | not_found
create or replace function public.read_ballot_key(p jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce((select jsonb_build_object('ok', true, 'key', jsonb_build_object('id', k.id, 'occasion', k.occasion, 'occasion_id', k.occasion_id, 'community', k.community_id, 'spki', k.spki,
      'is_open', private.clock() >= k.opens_at and private.clock() < k.closes_at, 'sisters', (select coalesce(jsonb_agg(o order by o), '[]'::jsonb) from private.sister_keys(k.id) o))) from private.ballot_keys k where k.id = (p ->> 'key')::uuid), private.refuse('not_found'));
$$;

/*
  As it was, and nobody draws twice in a round or survey. p: {actor, session, key, person, blinded_hash, elsewhere: [{key, person}]}: the same person as the other keys know them
  → {ok, blind_signature} for a message that was signed before, or {ok, private_sealed} to sign it now | sign_in_required, not_found, round_closed, not_verified, ballot_drawn
*/
create or replace function public.begin_draw(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_key private.ballot_keys;
  v_draw private.ballot_draws;
  v_gap text;
begin
  select k.* into v_key from private.ballot_keys k where k.id = (p ->> 'key')::uuid;
  v_gap := private.ballot_gap(v_actor, v_key);
  if v_gap is not null then
    return private.refuse(v_gap);
  end if;
  select d.* into v_draw from private.ballot_draws d where d.key_id = v_key.id and d.person = p ->> 'person';
  if v_draw.person is null and private.may_draw_here(v_key.id, p) then
    return jsonb_build_object('ok', true, 'private_sealed', v_key.private_sealed);
  elsif v_draw.person is null or v_draw.blinded_hash <> p ->> 'blinded_hash' then
    return private.refuse('ballot_drawn');
  end if;
  return jsonb_build_object('ok', true, 'blind_signature', v_draw.blind_signature);
end;
$$;

-- As it was, with the same check. p: as begin_draw, and blind_signature → {ok, blind_signature} | as begin_draw
create or replace function public.keep_draw(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_key private.ballot_keys;
  v_gap text;
begin
  select k.* into v_key from private.ballot_keys k where k.id = (p ->> 'key')::uuid;
  v_gap := private.ballot_gap(private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid), v_key);
  if v_gap is not null then
    return private.refuse(v_gap);
  end if;
  -- One draw of a person at a time, whatever the key: their account's lock, which stands in no table.
  perform pg_advisory_xact_lock(hashtextextended('ballot ' || (p ->> 'actor'), 0));
  if private.may_draw_here(v_key.id, p) then
    insert into private.ballot_draws (key_id, person, blinded_hash, blind_signature, day)
    select v_key.id, p ->> 'person', p ->> 'blinded_hash', p ->> 'blind_signature', private.day_at(c.station_id, private.clock()) from public.communities c where c.id = v_key.community_id
    on conflict (key_id, person) do nothing;
  end if;
  return public.begin_draw(p);
end;
$$;
