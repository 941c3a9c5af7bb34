-- Purpose: rounds of ratings open and close by themselves; a rating is given with a ballot or openly; comments are read before anybody else sees them.
-- Risk: none for data, new functions.

-- The round that a station should have now: the first hour and the last of it on the station's wall. No row while it is off.
create function private.rating_period(p_station uuid, p_now timestamptz, out month date, out opens_at timestamptz, out closes_at timestamptz)
language sql stable set search_path = '' as $$
  select d.month, (d.month + (coalesce(r.opens_day, 1) - 1))::timestamp at time zone s.time_zone, (d.month + (coalesce(r.opens_day, 1) - 1) + coalesce(r.days, 20))::timestamp at time zone s.time_zone
  from public.stations s left join private.rating_settings r on r.station_id = s.id cross join lateral (select date_trunc('month', p_now at time zone s.time_zone)::date as month) d
  where s.id = p_station and coalesce(r.is_on, true);
$$;
revoke all on function private.rating_period(uuid, timestamptz) from public;

-- Opens the round of the month in a station, about the officer whom each community has that day. → whether it did; asked again it does nothing
create function private.open_rating_round(p_station uuid, p_now timestamptz) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_period record;
  v_round uuid;
begin
  select * into v_period from private.rating_period(p_station, p_now);
  if v_period.month is null or p_now < v_period.opens_at or p_now >= v_period.closes_at then
    return false;
  end if;
  insert into private.rating_rounds (station_id, month, opens_at, closes_at) values (p_station, v_period.month, v_period.opens_at, v_period.closes_at) on conflict (station_id, month) do nothing returning id into v_round;
  if v_round is null then
    return false;
  end if;
  insert into private.rating_subjects (round_id, community_id, officer_id, eligible)
  select v_round, c.id, a.staff_id, (select count(*) from private.verifications v where v.community_id = c.id and private.is_verified_for(v.user_id, c.id, a.staff_id))
  from public.communities c join public.assignments a on a.community_id = c.id and a.kind = 'officer' and private.day_at(p_station, p_now) between a.from_on and coalesce(a.to_on, 'infinity'::date)
  join public.staff f on f.user_id = a.staff_id and f.is_active where c.station_id = p_station and c.is_active;
  perform private.log(p_station, null, 'system', 'rating.opened', 'ratings', v_round);
  return true;
end;
$$;
revoke all on function private.open_rating_round(uuid, timestamptz) from public;

/*
  Opens rounds in every station, and closes what is over. Asked twice it does nothing more.
  → {ok, opened, closed, wanted: keys still to be made, [{occasion_id, community, officer, opens_at, closes_at}]}
*/
create function public.advance_ratings() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_opened integer;
  v_round private.rating_rounds;
  v_closed integer := 0;
begin
  select count(*) filter (where private.open_rating_round(s.id, v_now)) into v_opened from public.stations s;
  for v_round in update private.rating_rounds r set closed_at = v_now where r.closed_at is null and r.closes_at <= v_now returning r.* loop
    perform private.log(v_round.station_id, null, 'system', 'rating.closed', 'ratings', v_round.id);
    v_closed := v_closed + 1;
  end loop;
  return jsonb_build_object('ok', true, 'opened', v_opened, 'closed', v_closed, 'wanted', coalesce((
    select jsonb_agg(jsonb_build_object('occasion_id', s.id, 'community', s.community_id, 'officer', s.officer_id, 'opens_at', r.opens_at, 'closes_at', r.closes_at) order by s.id)
    from private.rating_subjects s join private.rating_rounds r on r.id = s.round_id and r.closed_at is null where not exists (select from private.ballot_keys k where k.occasion_id = s.id)), '[]'::jsonb));
end;
$$;
comment on function public.advance_ratings() is 'For the job. Definer: the tables have no grants.';
revoke all on function public.advance_ratings() from public;
grant execute on function public.advance_ratings() to service_role;

-- What a run would do now: done and undone.
create function public.foresee_ratings() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_did jsonb;
begin
  begin
    v_did := public.advance_ratings();
    raise exception using errcode = 'LL000';
  exception when sqlstate 'LL000' then
    null;
  end;
  return v_did;
end;
$$;
comment on function public.foresee_ratings() is 'Definer: as advance_ratings.';
revoke all on function public.foresee_ratings() from public;
grant execute on function public.foresee_ratings() to service_role;

-- The rounds that are open, for anybody. → {ok, now, rounds: [{station, month, closes_at, subjects: [{id, community, officer, key: {id, spki}?}]}]}
create function public.list_open_ratings() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'now', private.clock(), 'rounds', coalesce(jsonb_agg(jsonb_build_object('station', r.station_id, 'month', r.month, 'closes_at', r.closes_at,
    'subjects', (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'community', c.slug, 'officer', s.officer_id, 'key', (select jsonb_build_object('id', k.id, 'spki', k.spki) from private.ballot_keys k where k.occasion_id = s.id)) order by c.position, c.id), '[]'::jsonb)
      from private.rating_subjects s join public.communities c on c.id = s.community_id where s.round_id = r.id)) order by r.month desc), '[]'::jsonb))
  from private.rating_rounds r where r.closed_at is null and private.clock() >= r.opens_at and private.clock() < r.closes_at;
$$;
comment on function public.list_open_ratings() is 'Whom a round is about and until when; nothing of what was said. Definer: the tables have no grants.';
revoke all on function public.list_open_ratings() from public;
grant execute on function public.list_open_ratings() to anon, authenticated, service_role;

-- Is this what a rating may say? p: {knows, familiar?, satisfied?, prompt?, polite?, effective?}
create function private.is_rating_form(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(jsonb_typeof(p -> 'knows') = 'boolean'
    and (select bool_and(coalesce(jsonb_typeof(p -> g), 'null') = 'null' or (jsonb_typeof(p -> g) = 'number' and p ->> g ~ '^[1-5]$' and (p ->> 'knows')::boolean)) from unnest(array['familiar', 'satisfied', 'prompt', 'polite', 'effective']) g), false);
$$;
revoke all on function private.is_rating_form(jsonb) from public;

-- Keeps what was said: grades in one table, words in another, with nothing that would join them.
create function private.keep_rating(p_subject private.rating_subjects, p_source text, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_round private.rating_rounds := (select r from private.rating_rounds r where r.id = p_subject.round_id);
  v_day date := private.day_at(v_round.station_id, private.clock());
begin
  -- Tables without order are written in the order of their names, in which the job of the night locks them: the other way round each would wait for the other.
  if p ->> 'comment_sealed' is not null then
    insert into private.rating_comments (subject_id, text_sealed, day) values (p_subject.id, p ->> 'comment_sealed', v_day);
  end if;
  insert into private.ratings (subject_id, source, knows, familiar, satisfied, prompt, polite, effective, marks, day)
  values (p_subject.id, p_source, (p ->> 'knows')::boolean, (p ->> 'familiar')::smallint, (p ->> 'satisfied')::smallint, (p ->> 'prompt')::smallint, (p ->> 'polite')::smallint, (p ->> 'effective')::smallint,
    private.marks_of(p_subject.id, v_round.closes_at, p_source = 'open', (select count(*) from private.ratings r where r.subject_id = p_subject.id and r.source = p_source and private.does_count(r.source, r.marks)), p ->> 'network', coalesce((p ->> 'is_staff')::boolean, false)), v_day);
end;
$$;
revoke all on function private.keep_rating(private.rating_subjects, text, jsonb) from public;

/*
  A rating with a ballot whose signature the portal has checked; no account comes with it. p: {key, nullifier, network: keyed hash, knows, familiar?, …, comment_sealed?}
  → {ok} | invalid_input, not_found, round_closed, ballot_spent
*/
create function public.spend_rating(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_subject private.rating_subjects;
  v_gap text;
begin
  if not private.is_rating_form(p) then
    return private.refuse('invalid_input');
  end if;
  select s.* into v_subject from private.rating_subjects s join private.ballot_keys k on k.occasion_id = s.id and k.occasion = 'rating' where k.id = (p ->> 'key')::uuid;
  if v_subject.id is null then
    return private.refuse('not_found');
  end if;
  v_gap := private.spend_ballot((p ->> 'key')::uuid, p ->> 'nullifier');
  if v_gap is not null then
    return private.refuse(v_gap);
  end if;
  perform private.keep_rating(v_subject, 'ballot', p);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.spend_rating(jsonb) is 'For the portal, which has checked the ballot. Definer: the tables have no grants.';
revoke all on function public.spend_rating(jsonb) from public;
grant execute on function public.spend_rating(jsonb) to service_role;

-- A rating without a ballot: counted apart, limited by address. p: {subject, limits[], network, is_staff?, knows, …} → {ok} | invalid_input, not_found, round_closed, rate_limited
create function public.give_open_rating(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_subject private.rating_subjects;
  v_wait integer;
begin
  if not private.is_rating_form(p) then
    return private.refuse('invalid_input');
  end if;
  select s.* into v_subject from private.rating_subjects s where s.id = (p ->> 'subject')::uuid;
  if v_subject.id is null then
    return private.refuse('not_found');
  elsif not exists (select from private.rating_rounds r where r.id = v_subject.round_id and r.closed_at is null and private.clock() >= r.opens_at and private.clock() < r.closes_at) then
    return private.refuse('round_closed');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  perform private.keep_rating(v_subject, 'open', p);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.give_open_rating(jsonb) is 'For the portal, which seals the comment and names the limits. Definer: the tables have no grants.';
revoke all on function public.give_open_rating(jsonb) from public;
grant execute on function public.give_open_rating(jsonb) to service_role;

-- Who may read the words of a round before they are published: anybody of the station who handles reports, but never whom they are about (RULES E4).
create function private.moderates(p_staff public.staff, p_subject private.rating_subjects) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_staff.role in ('officer', 'lead', 'chief') and p_staff.user_id <> p_subject.officer_id
    and exists (select from public.communities c where c.id = p_subject.community_id and c.station_id = p_staff.station_id)
    and (p_staff.role <> 'officer' or p_subject.community_id in (select private.communities_of(p_staff.user_id))), false);
$$;
revoke all on function private.moderates(public.staff, private.rating_subjects) from public;

-- Comments that wait, for a moderator, with their sealed words; in no order but their number at random. p: {actor, session} → {ok, comments: [{id, subject, community, month, day, text_sealed}]} | forbidden
create function public.list_rating_comments(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'rating.comments_read', 'ratings', null);
  lock table private.rating_comments in access share mode; -- the job of the night has it empty for a moment
  return jsonb_build_object('ok', true, 'comments', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'subject', s.id, 'community', c.slug, 'month', r.month, 'day', m.day, 'text_sealed', m.text_sealed) order by r.month desc, c.position, m.id)
    from private.rating_comments m join private.rating_subjects s on s.id = m.subject_id join private.rating_rounds r on r.id = s.round_id join public.communities c on c.id = s.community_id
    where m.state = 'waiting' and private.moderates(v_staff, s)), '[]'::jsonb));
end;
$$;
comment on function public.list_rating_comments(jsonb) is 'For the portal, which opens the words. Definer: the tables have no grants.';
revoke all on function public.list_rating_comments(jsonb) from public;
grant execute on function public.list_rating_comments(jsonb) to service_role;

/*
  Publishes a comment, without what would give somebody away, or refuses it; either way the sealed words go. p: {id, publish, text?: as it is published} → {ok} | forbidden, not_found, invalid_input
*/
create function public.decide_rating_comment(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_comment private.rating_comments;
  v_subject private.rating_subjects;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  select m.* into v_comment from private.rating_comments m where m.id = (p ->> 'id')::uuid and m.state = 'waiting' for update;
  select s.* into v_subject from private.rating_subjects s where s.id = v_comment.subject_id;
  if v_comment.id is null or not private.moderates(v_staff, v_subject) then
    return private.refuse('not_found');
  elsif coalesce((p ->> 'publish')::boolean, false) and not coalesce(private.is_plain_text(p ->> 'text', 1, 1000, true), false) then
    return private.refuse('invalid_input');
  end if;
  update private.rating_comments m set state = case when (p ->> 'publish')::boolean then 'published' else 'refused' end, text_published = case when (p ->> 'publish')::boolean then p ->> 'text' end, text_sealed = null,
    decided_by = v_staff.user_id, decided_on = private.day_at(v_staff.station_id, private.clock()) where m.id = v_comment.id;
  if (p ->> 'publish')::boolean then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'rating.comment_published', 'ratings', v_comment.id);
  else
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'rating.comment_refused', 'ratings', v_comment.id);
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.decide_rating_comment(jsonb) is 'Definer: the tables have no grants.';
revoke all on function public.decide_rating_comment(jsonb) from public;
grant execute on function public.decide_rating_comment(jsonb) to authenticated;

-- The rated officer's public answer to a comment that is out; another time replaces it. p: {id, text} → {ok} | forbidden, not_found, status_order: not out yet, invalid_input
create function public.answer_rating_comment(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_comment private.rating_comments;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  select m.* into v_comment from private.rating_comments m join private.rating_subjects s on s.id = m.subject_id where m.id = (p ->> 'id')::uuid and s.officer_id = v_staff.user_id for update of m;
  if v_comment.id is null or v_comment.state <> 'published' then
    return private.refuse('not_found');
  elsif not exists (select from private.rating_subjects s join private.rating_rounds r on r.id = s.round_id where s.id = v_comment.subject_id and r.closed_at is not null) then
    return private.refuse('status_order');
  elsif not coalesce(private.is_plain_text(p ->> 'text', 1, 1000, true), false) then
    return private.refuse('invalid_input');
  end if;
  update private.rating_comments m set answer = p ->> 'text', answered_on = private.day_at(v_staff.station_id, private.clock()) where m.id = v_comment.id;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'rating.comment_answered', 'ratings', v_comment.id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.answer_rating_comment(jsonb) is 'Definer: the tables have no grants.';
revoke all on function public.answer_rating_comment(jsonb) from public;
grant execute on function public.answer_rating_comment(jsonb) to authenticated;

-- What was published about the caller, to answer it: of rounds that are over, the last thirteen months. → {ok, comments: [{id, community, month, text, answer?}]} | forbidden
create function public.list_own_rating_comments() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  lock table private.rating_comments in access share mode; -- the job of the night has it empty for a moment
  return jsonb_build_object('ok', true, 'comments', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'community', c.slug, 'month', r.month, 'text', m.text_published, 'answer', m.answer) order by r.month desc, m.id)
    from private.rating_comments m join private.rating_subjects s on s.id = m.subject_id join private.rating_rounds r on r.id = s.round_id join public.communities c on c.id = s.community_id
    where s.officer_id = v_staff.user_id and m.state = 'published' and r.closed_at is not null and r.month > (private.clock() - interval '13 months')::date), '[]'::jsonb));
end;
$$;
comment on function public.list_own_rating_comments() is 'Published words only, never a grade. Definer: the tables have no grants.';
revoke all on function public.list_own_rating_comments() from public;
grant execute on function public.list_own_rating_comments() to authenticated;
