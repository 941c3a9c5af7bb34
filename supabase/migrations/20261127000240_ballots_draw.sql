-- Purpose: a verified resident draws one ballot of a round or survey, with a session or with the link that they asked for in their messenger (RULES E1, E2).
-- Risk: none for data, new functions.

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

-- What everybody may know of a key, to check a ballot. p: {key} → {ok, key: {id, occasion, occasion_id, community, spki, is_open, sisters: [id]}} | not_found
create function public.read_ballot_key(p jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce((select jsonb_build_object('ok', true, 'key', jsonb_build_object('id', k.id, 'occasion', k.occasion, 'occasion_id', k.occasion_id, 'community', k.community_id, 'spki', k.spki,
      'is_open', private.clock() >= k.opens_at and private.clock() < k.closes_at, 'sisters', (select coalesce(jsonb_agg(o order by o), '[]'::jsonb) from private.sister_keys(k.id) o))) from private.ballot_keys k where k.id = (p ->> 'key')::uuid), private.refuse('not_found'));
$$;
comment on function public.read_ballot_key(jsonb) is 'For the portal, which checks ballots. Definer: the table has no grants.';
revoke all on function public.read_ballot_key(jsonb) from public;
grant execute on function public.read_ballot_key(jsonb) to service_role;

-- Why somebody gets no ballot of a key now; null: they do (RULES E1).
create function private.ballot_gap(p_actor uuid, p_key private.ballot_keys) returns text
language sql stable set search_path = '' as $$
  select case
    when p_actor is null then 'sign_in_required'
    when p_key.id is null then 'not_found'
    when private.clock() < p_key.opens_at or private.clock() >= p_key.closes_at or p_key.private_sealed is null then 'round_closed'
    when not private.is_verified_for(p_actor, p_key.community_id, p_key.officer_id) then 'not_verified'
  end;
$$;
revoke all on function private.ballot_gap(uuid, private.ballot_keys) from public;

-- Who draws: whoever is signed in, or whose link it is while the chat that it was sent to is theirs. p: {actor, session} or {pass: hash}
create function private.drawer(p jsonb) returns uuid
language plpgsql stable set search_path = '' as $$
begin
  if p ->> 'pass' is null then
    return private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  end if;
  return (select b.user_id from private.ballot_passes b join private.telegram_links l on l.user_id = b.user_id where b.pass_hash = p ->> 'pass' and b.expires_at > private.clock());
end;
$$;
revoke all on function private.drawer(jsonb) from public;

/*
  A link for the account that a chat is linked with, if it may draw anything now, good for half an hour; the last five of an account are. p: {chat: keyed hash, pass: hash}
  → {ok, is_made, community: slug whose officer it may rate, or null, surveys: [id]}
*/
create function public.make_ballot_pass(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user uuid := (select l.user_id from private.telegram_links l where l.chat_hash = p ->> 'chat');
  v_keys uuid[] := (select coalesce(array_agg(k.id), '{}') from private.ballot_keys k where private.ballot_gap(v_user, k) is null);
begin
  if v_keys <> '{}' then
    delete from private.ballot_passes b where b.user_id = v_user and (b.expires_at <= private.clock() or b.pass_hash not in (select o.pass_hash from private.ballot_passes o where o.user_id = v_user order by o.expires_at desc limit 4));
    insert into private.ballot_passes (pass_hash, user_id, expires_at) values (p ->> 'pass', v_user, private.clock() + interval '30 minutes');
  end if;
  return jsonb_build_object('ok', true, 'is_made', v_keys <> '{}',
    'community', (select c.slug from private.ballot_keys k join public.communities c on c.id = k.community_id where k.id = any (v_keys) and k.occasion = 'rating' limit 1),
    'surveys', (select coalesce(jsonb_agg(k.occasion_id order by k.occasion_id), '[]'::jsonb) from private.ballot_keys k where k.id = any (v_keys) and k.occasion = 'survey'));
end;
$$;
comment on function public.make_ballot_pass(jsonb) is 'For the bot, which knows the chat. Definer: the tables have no grants.';
revoke all on function public.make_ballot_pass(jsonb) from public;
grant execute on function public.make_ballot_pass(jsonb) to service_role;

-- Whose link it is, for the portal, which knows people by a keyed hash. p: {pass} → {ok, user: null when it is good no more}
create function public.read_ballot_pass(p jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'user', case when p ->> 'pass' is not null then private.drawer(jsonb_build_object('pass', p ->> 'pass')) end);
$$;
comment on function public.read_ballot_pass(jsonb) is 'For the portal. Definer: the table has no grants.';
revoke all on function public.read_ballot_pass(jsonb) from public;
grant execute on function public.read_ballot_pass(jsonb) to service_role;

-- Whoever asks while the job of the night has the table empty waits for it (`shuffle_ballots`): with a snapshot from before they would find nothing, and draw twice. So locks come first here.

-- Whether somebody may draw from a key, and whether they have. p: {actor, session} or {pass}, with {key, person} → {ok, gap: why not, or null, is_drawn}
create function public.read_ballot_standing(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_key private.ballot_keys;
begin
  lock table private.ballot_draws in access share mode;
  select k.* into v_key from private.ballot_keys k where k.id = (p ->> 'key')::uuid;
  return jsonb_build_object('ok', true, 'gap', private.ballot_gap(private.drawer(p), v_key),
    'is_drawn', exists (select from private.ballot_draws d where d.key_id = v_key.id and d.person = p ->> 'person'));
end;
$$;
comment on function public.read_ballot_standing(jsonb) is 'For the portal, which knows the person by its keyed hash. Definer: the tables have no grants.';
revoke all on function public.read_ballot_standing(jsonb) from public;
grant execute on function public.read_ballot_standing(jsonb) to service_role;

/*
  Before signing; nobody draws twice in a round or survey. p: {actor, session} or {pass}, with {key, person, blinded_hash, elsewhere: [{key, person}]}: `person` is the portal's keyed hash of account and key,
  `elsewhere` the same person as the other keys know them
  → {ok, blind_signature} for a message that was signed before, or {ok, private_sealed} to sign it now | sign_in_required, not_found, round_closed, not_verified, ballot_drawn
*/
create function public.begin_draw(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.drawer(p);
  v_key private.ballot_keys;
  v_draw private.ballot_draws;
  v_gap text;
begin
  lock table private.ballot_draws in access share mode;
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
comment on function public.begin_draw(jsonb) is 'For the portal, which opens the key and signs. Definer: the tables have no grants.';
revoke all on function public.begin_draw(jsonb) from public;
grant execute on function public.begin_draw(jsonb) to service_role;

-- After signing: the first message of somebody stays theirs. p: as begin_draw, and blind_signature → {ok, blind_signature} | as begin_draw
create function public.keep_draw(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.drawer(p);
  v_key private.ballot_keys;
  v_gap text;
begin
  select k.* into v_key from private.ballot_keys k where k.id = (p ->> 'key')::uuid;
  v_gap := private.ballot_gap(v_actor, v_key);
  if v_gap is not null then
    return private.refuse(v_gap);
  end if;
  -- One draw of a person at a time, whatever the key: their account's lock, which stands in no table.
  lock table private.ballot_draws in row exclusive mode;
  perform pg_advisory_xact_lock(hashtextextended('ballot ' || v_actor::text, 0));
  if private.may_draw_here(v_key.id, p) then
    insert into private.ballot_draws (key_id, person, blinded_hash, blind_signature, day)
    select v_key.id, p ->> 'person', p ->> 'blinded_hash', p ->> 'blind_signature', private.day_at(c.station_id, private.clock()) from public.communities c where c.id = v_key.community_id
    on conflict (key_id, person) do nothing;
  end if;
  return public.begin_draw(p);
end;
$$;
comment on function public.keep_draw(jsonb) is 'For the portal. Definer: the tables have no grants.';
revoke all on function public.keep_draw(jsonb) from public;
grant execute on function public.keep_draw(jsonb) to service_role;
