-- Purpose: alerts at the desk until they are published: draft, review, and what is started from a published one (PRODUCT §3).
-- Risk: none for data, new functions.

-- Officers reach what lies in their own communities, or their own draft without a place; leads and chiefs all of the station's.
create function private.may_write_alert(p_alert public.alerts, p_staff public.staff) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_alert.station_id = p_staff.station_id and (p_staff.role in ('lead', 'chief')
    or (p_staff.role = 'officer' and p_alert.community_ids <@ array(select private.communities_of(p_staff.user_id)) and (p_alert.created_by = p_staff.user_id or cardinality(p_alert.community_ids) > 0))), false);
$$;

create function private.may_read_alert(p_alert public.alerts, p_staff public.staff) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_alert.station_id = p_staff.station_id and (p_staff.role in ('lead', 'chief', 'auditor') or (p_staff.role = 'officer' and (p_alert.state = 'published' or p_alert.created_by = p_staff.user_id
    or p_alert.community_ids && array(select private.communities_of(p_staff.user_id))))), false);
$$;

create function private.log_alert(p_alert public.alerts, p_staff public.staff, p_action text, p_facts jsonb default '{}'::jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform private.log(p_staff.station_id, p_staff.user_id, p_staff.role, p_action, 'alerts', p_alert.id,
    jsonb_strip_nulls(jsonb_build_object('alert', p_alert.identifier, 'message_type', p_alert.message_type, 'colour', p_alert.colour, 'version', p_alert.revision) || p_facts));
end;
$$;

create function private.refuse_alert(p_staff public.staff, p_action text, p_identifier text, p_code text default 'not_found') returns jsonb
language plpgsql volatile set search_path = '' as $$
begin
  if p_staff.user_id is not null then
    perform private.log(p_staff.station_id, p_staff.user_id, p_staff.role, p_action, 'alerts', null, jsonb_build_object('reference', left(p_identifier, 20)));
  end if;
  return private.refuse(p_code);
end;
$$;
comment on function private.refuse_alert(public.staff, text, text, text) is 'Who reaches for what is not theirs leaves a row in the log of their own station (RULES A3).';

create function private.staff_name(p_staff uuid) returns jsonb
language sql stable set search_path = '' as $$
  select case when p_staff is not null then (select jsonb_build_object('id', s.user_id, 'name', s.name) from public.staff s where s.user_id = p_staff) end;
$$;

-- What decides, beside the message itself, about what its reader may do with it: shared/alerts/alert-rights.ts.
create function private.who_reads(p_staff public.staff) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('id', p_staff.user_id, 'role', p_staff.role, 'community_ids', to_jsonb(array(select private.communities_of(p_staff.user_id))));
$$;

create function private.utc_second(p timestamptz) returns text
language sql immutable set search_path = '' as $$
  select to_char(p at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
$$;

create function private.alert_texts_of(p_alert uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_object_agg(t.locale, jsonb_build_object('headline', t.headline, 'description', t.description, 'instruction', t.instruction)), '{}'::jsonb) from public.alert_texts t where t.alert_id = p_alert;
$$;

-- The message of its chain that speaks now.
create function private.active_in_chain(p_chain uuid, p_now timestamptz) returns public.alerts
language sql stable set search_path = '' as $$
  select a from public.alerts a where a.chain_id = p_chain and a.state = 'published' and a.ended_by_id is null and a.expires_at > p_now;
$$;

-- As the desk sees it, without the texts.
create function private.alert_facts(a public.alerts) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('identifier', a.identifier, 'chain', (select c.identifier from public.alerts c where c.id = a.chain_id), 'base', (select b.identifier from public.alerts b where b.id = a.base_id),
    'message_type', a.message_type, 'is_exercise', a.is_exercise, 'kind', a.kind, 'colour', a.colour, 'event', a.event_code, 'urgency', a.urgency, 'severity', a.severity, 'certainty', a.certainty,
    'onset', private.utc_second(a.onset_at), 'expires', private.utc_second(a.expires_at), 'follows', (select f.identifier from public.alerts f where f.id = a.follows_id),
    'community_ids', to_jsonb(a.community_ids), 'headlines', (select coalesce(jsonb_object_agg(t.locale, t.headline), '{}'::jsonb) from public.alert_texts t where t.alert_id = a.id),
    'state', a.state, 'effective_state', case when a.state = 'published' then private.effective_state(a, private.clock()) end, 'revision', a.revision,
    'needs_second_person', private.needs_second_person(a), 'created_at', a.created_at, 'created_by', private.staff_name(a.created_by), 'edited_at', a.edited_at, 'edited_by', private.staff_name(a.edited_by),
    'submitted_at', a.submitted_at, 'submitted_by', private.staff_name(a.submitted_by), 'returned_reason', a.returned_reason, 'approved_at', a.approved_at, 'approved_by', private.staff_name(a.approved_by),
    'override_reason', a.override_reason, 'sent', private.utc_second(a.published_at), 'published_by', private.staff_name(a.published_by),
    'ended_by', (select e.identifier from public.alerts e where e.id = a.ended_by_id), 'ended_by_type', a.ended_by_type);
$$;

create function private.whole_alert(a public.alerts) returns jsonb
language sql stable set search_path = '' as $$
  select private.alert_facts(a) || jsonb_build_object('texts', private.alert_texts_of(a.id), 'contact', a.contact, 'web', a.web, 'grid_ids', to_jsonb(a.grid_ids),
    'areas', (select coalesce(jsonb_agg(jsonb_build_object('kind', r.kind, 'community', r.community_id, 'grid', r.grid_id, 'shape', case when r.kind in ('polygon', 'circle') then r.shape end, 'label', r.label,
      'communities', case when r.kind in ('polygon', 'circle') then to_jsonb(r.community_ids) end, 'grids', case when r.kind in ('polygon', 'circle') then to_jsonb(r.grid_ids) end) order by r.number), '[]'::jsonb)
      from public.alert_areas r where r.alert_id = a.id),
    'references', (select coalesce(jsonb_agg(jsonb_build_object('identifier', b.identifier, 'sent', private.utc_second(b.published_at)) order by b.published_at), '[]'::jsonb)
      from public.alert_references r join public.alerts b on b.id = r.referenced_id where r.alert_id = a.id));
$$;

create function private.is_alert_text(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(jsonb_typeof(p) = 'object' and p - array['headline', 'description', 'instruction'] = '{}'::jsonb
    and jsonb_typeof(p -> 'headline') = 'string' and private.is_plain_text(p ->> 'headline', 4, 140, false)
    and jsonb_typeof(p -> 'description') = 'string' and private.is_plain_text(p ->> 'description', 4, 2000, true)
    and (p ->> 'instruction' is null or (jsonb_typeof(p -> 'instruction') = 'string' and private.is_plain_text(p ->> 'instruction', 1, 1000, true))), false);
$$;

-- The rules of the form, as in shared/alerts/alert-schema.ts. A draft may still lack its texts and its areas.
create function private.is_alert_draft(p jsonb) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p ->> 'kind' in ('warning', 'tip', 'solved', 'notice')
    and (case when p ->> 'kind' = 'warning' then p ->> 'colour' in ('blue', 'yellow', 'orange', 'red') else p ->> 'colour' is null end)
    and exists (select from public.alert_events e where e.code = p ->> 'event')
    and p ->> 'urgency' in ('Immediate', 'Expected', 'Future', 'Past', 'Unknown') and p ->> 'severity' in ('Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown')
    and p ->> 'certainty' in ('Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown')
    and (p ->> 'expires')::timestamptz is not null and coalesce((p ->> 'onset')::timestamptz < (p ->> 'expires')::timestamptz, true)
    and jsonb_typeof(p -> 'texts') = 'object' and (select coalesce(bool_and(t.key in ('zh', 'en') and private.is_alert_text(t.value)), true) from jsonb_each(p -> 'texts') t)
    and jsonb_typeof(p -> 'areas') = 'array' and jsonb_array_length(p -> 'areas') <= 20
    and (p ->> 'contact' is null or private.is_plain_text(p ->> 'contact', 1, 200, false))
    and (p ->> 'web' is null or (p ->> 'web' ~ '^https?://\S+$' and private.is_plain_text(p ->> 'web', 8, 500, false)))
    and (p ->> 'follows' is null or p ->> 'kind' = 'solved'), false);
$$;

-- The areas of a form as rows, with names and boundaries; what is not of this station, or not drawn well, is missing.
create function private.areas_of_form(p_station uuid, p jsonb) returns table (number integer, kind text, community_id uuid, grid_id uuid, shape jsonb, label jsonb, community_ids uuid[], grid_ids uuid[])
language sql stable set search_path = '' as $$
  with given as (select i.ordinality::integer as number, i.value as item, i.value ->> 'kind' as kind from jsonb_array_elements(p) with ordinality i),
  c as (select c.* from public.communities c where c.station_id = p_station and c.is_active),
  g as (select g.*, c.name as community_name from public.grids g join c on c.id = g.community_id where g.is_active)
  select n.number, n.kind, null::uuid, null::uuid,
    (select jsonb_build_object('type', 'MultiPolygon', 'coordinates', jsonb_agg(b.ring order by c.position, c.slug, b.n))
      from c, lateral (select r.value as ring, r.ordinality as n from jsonb_array_elements(case when c.boundary ->> 'type' = 'Polygon' then jsonb_build_array(c.boundary -> 'coordinates') else c.boundary -> 'coordinates' end) with ordinality r) b),
    s.name, array(select c.id from c order by c.position, c.slug), array(select g.id from g order by g.community_id, g.code)
  from given n join public.stations s on s.id = p_station where n.kind = 'station' and exists (select from c)
  union all
  select n.number, n.kind, c.id, null, c.boundary, c.name, array[c.id], array(select g.id from g where g.community_id = c.id order by g.code)
  from given n join c on c.id = (n.item ->> 'community')::uuid where n.kind = 'community'
  union all
  select n.number, n.kind, g.community_id, g.id, g.boundary,
    jsonb_build_object('zh', (g.community_name ->> 'zh') || (g.name ->> 'zh'), 'en', (g.name ->> 'en') || ', ' || (g.community_name ->> 'en')), array[g.community_id], array[g.id]
  from given n join g on g.id = (n.item ->> 'grid')::uuid where n.kind = 'grid'
  union all
  select n.number, n.kind, null, null, n.item -> 'shape', n.item -> 'label', t.communities, t.grids
  from given n, lateral (select array(select v.value::uuid from jsonb_array_elements_text(n.item -> 'communities') v) as communities, array(select v.value::uuid from jsonb_array_elements_text(n.item -> 'grids') v) as grids) t
  where n.kind in ('polygon', 'circle') and private.is_alert_shape(n.kind, n.item -> 'shape') and private.is_text_in_both(n.item -> 'label', 1, 200)
    and cardinality(t.communities) > 0 and t.communities <@ array(select c.id from c) and t.grids <@ array(select g.id from g);
$$;

-- Writes texts, areas and what the areas touch anew.
create function private.write_alert_parts(p_alert public.alerts, p_texts jsonb, p_areas jsonb) returns public.alerts
language plpgsql volatile set search_path = '' as $$
declare
  v_alert public.alerts;
begin
  delete from public.alert_texts t where t.alert_id = p_alert.id;
  insert into public.alert_texts (alert_id, locale, headline, description, instruction)
  select p_alert.id, t.key, t.value ->> 'headline', t.value ->> 'description', t.value ->> 'instruction' from jsonb_each(p_texts) t;
  delete from public.alert_areas r where r.alert_id = p_alert.id;
  insert into public.alert_areas (alert_id, number, station_id, kind, community_id, grid_id, shape, label, community_ids, grid_ids)
  select p_alert.id, f.number, p_alert.station_id, f.kind, f.community_id, f.grid_id, f.shape, f.label, f.community_ids, f.grid_ids from private.areas_of_form(p_alert.station_id, p_areas) f;
  update public.alerts a set
    community_ids = array(select distinct u.id from public.alert_areas r, unnest(r.community_ids) u (id) where r.alert_id = a.id order by u.id),
    grid_ids = array(select distinct u.id from public.alert_areas r, unnest(r.grid_ids) u (id) where r.alert_id = a.id order by u.id)
  where a.id = p_alert.id returning * into v_alert;
  return v_alert;
end;
$$;

-- The draft that a call means, locked. Null: not there, or not for this person. `v_code` of the caller says why it cannot be changed.
create function private.draft_for(p_staff public.staff, p_identifier text) returns public.alerts
language plpgsql volatile set search_path = '' as $$
declare
  v_alert public.alerts;
begin
  select a.* into v_alert from public.alerts a where a.identifier = p_identifier for update;
  if v_alert.id is null or not private.may_write_alert(v_alert, p_staff) then
    return null;
  end if;
  return v_alert;
end;
$$;

/*
  A new draft, or a change of one, which takes it out of review. p: identifier? with revision, kind, colour?, event, urgency, severity, certainty, onset?, expires, is_exercise?, follows?: identifier,
  texts {zh?, en?: {headline, description, instruction?}}, areas [{kind, community?, grid?, shape?, label?, communities?[], grids?[]}], contact?, web?
  Of a message that follows another the kind is that one's; of a cancellation or an all clear the colour, the event and the areas, too.
  → {ok, me, alert} | forbidden, not_found, conflict, invalid_input
*/
create function public.save_alert(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_alert public.alerts;
  v_follows public.alerts;
  v_form jsonb := p;
  v_ends boolean := false;
  v_id uuid := gen_random_uuid();
  v_now timestamptz := private.clock();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse_alert(v_staff, 'alert.save_refused', p ->> 'identifier', 'forbidden');
  end if;
  if p ->> 'identifier' is not null then
    v_alert := private.draft_for(v_staff, p ->> 'identifier');
    if v_alert.id is null then
      return private.refuse_alert(v_staff, 'alert.save_refused', p ->> 'identifier');
    end if;
    if v_alert.state not in ('draft', 'in_review') or v_alert.revision <> coalesce((p ->> 'revision')::integer, 0) then
      return private.refuse('conflict');
    end if;
    v_ends := v_alert.message_type in ('cancel', 'all_clear');
    if v_alert.base_id is not null then
      v_form := v_form || jsonb_build_object('kind', v_alert.kind, 'is_exercise', v_alert.is_exercise);
    end if;
    if v_ends then
      v_form := v_form || jsonb_build_object('colour', v_alert.colour, 'event', v_alert.event_code, 'areas', private.whole_alert(v_alert) -> 'areas');
    end if;
  end if;
  if not private.is_alert_draft(v_form) then
    return private.refuse('invalid_input');
  end if;
  if v_form ->> 'follows' is not null then
    select a.* into v_follows from public.alerts a where a.identifier = v_form ->> 'follows' and a.station_id = v_staff.station_id and a.state = 'published' and a.kind = 'warning' and not a.is_exercise;
    if v_follows.id is null then
      return private.refuse('invalid_input');
    end if;
  end if;
  -- The areas of a message that ends another stay as they were, even where a boundary was drawn anew since.
  if not v_ends and (select count(*) from private.areas_of_form(v_staff.station_id, v_form -> 'areas')) <> jsonb_array_length(v_form -> 'areas') then
    return private.refuse('invalid_input');
  end if;
  if v_staff.role = 'officer' and exists (select from private.areas_of_form(v_staff.station_id, v_form -> 'areas') f where f.kind = 'station' or not f.community_ids <@ array(select private.communities_of(v_staff.user_id))) then
    return private.refuse_alert(v_staff, 'alert.save_refused', v_alert.identifier, 'forbidden');
  end if;

  if v_alert.id is null then
    insert into public.alerts (id, station_id, chain_id, kind, colour, event_code, urgency, severity, certainty, onset_at, expires_at, is_exercise, follows_id, contact, web, created_at, created_by, edited_at, edited_by)
    values (v_id, v_staff.station_id, v_id, v_form ->> 'kind', v_form ->> 'colour', v_form ->> 'event', v_form ->> 'urgency', v_form ->> 'severity', v_form ->> 'certainty',
      date_trunc('second', (v_form ->> 'onset')::timestamptz), date_trunc('second', (v_form ->> 'expires')::timestamptz), coalesce((v_form ->> 'is_exercise')::boolean, false), v_follows.id,
      v_form ->> 'contact', v_form ->> 'web', v_now, v_staff.user_id, v_now, v_staff.user_id)
    returning * into v_alert;
    v_alert := private.write_alert_parts(v_alert, v_form -> 'texts', v_form -> 'areas');
    perform private.log_alert(v_alert, v_staff, 'alert.drafted');
  else
    update public.alerts a set kind = v_form ->> 'kind', colour = v_form ->> 'colour', event_code = v_form ->> 'event', urgency = v_form ->> 'urgency', severity = v_form ->> 'severity',
      certainty = v_form ->> 'certainty', onset_at = date_trunc('second', (v_form ->> 'onset')::timestamptz), expires_at = date_trunc('second', (v_form ->> 'expires')::timestamptz),
      is_exercise = coalesce((v_form ->> 'is_exercise')::boolean, false), follows_id = v_follows.id, contact = v_form ->> 'contact', web = v_form ->> 'web',
      state = 'draft', revision = a.revision + 1, edited_at = v_now, edited_by = v_staff.user_id, submitted_at = null, submitted_by = null, approved_at = null, approved_by = null
    where a.id = v_alert.id returning * into v_alert;
    if v_ends then
      delete from public.alert_texts t where t.alert_id = v_alert.id;
      insert into public.alert_texts (alert_id, locale, headline, description, instruction)
      select v_alert.id, t.key, t.value ->> 'headline', t.value ->> 'description', t.value ->> 'instruction' from jsonb_each(v_form -> 'texts') t;
    else
      v_alert := private.write_alert_parts(v_alert, v_form -> 'texts', v_form -> 'areas');
    end if;
    perform private.log_alert(v_alert, v_staff, 'alert.saved');
  end if;
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'alert', private.whole_alert(v_alert));
end;
$$;
comment on function public.save_alert(jsonb) is 'Definer: nobody writes alerts directly.';
revoke all on function public.save_alert(jsonb) from public;
grant execute on function public.save_alert(jsonb) to authenticated;

/*
  What is done with one button from a published message: `update`, `cancel` and `all_clear` continue its chain, from the message of it that speaks now; `exercise` copies it as a drill of its own.
  p: {identifier, act} → {ok, me, alert} | not_found, alert_ended: nothing of the chain speaks any more, follow_up_open: a draft waits already, invalid_input
*/
create function public.start_alert(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_act text := p ->> 'act';
  v_base public.alerts;
  v_alert public.alerts;
  v_id uuid := gen_random_uuid();
begin
  select a.* into v_base from public.alerts a where a.identifier = p ->> 'identifier' and a.state = 'published';
  if v_base.id is null or not private.may_write_alert(v_base, v_staff) then
    return private.refuse_alert(v_staff, 'alert.start_refused', p ->> 'identifier');
  end if;
  if coalesce(v_act not in ('update', 'cancel', 'all_clear', 'exercise'), true) or (v_act = 'all_clear' and v_base.kind <> 'warning') then
    return private.refuse('invalid_input');
  end if;
  if v_act <> 'exercise' then
    v_base := private.active_in_chain(v_base.chain_id, v_now);
    if v_base.id is null or v_base.message_type in ('cancel', 'all_clear') then
      return private.refuse('alert_ended');
    end if;
    if not private.may_write_alert(v_base, v_staff) then
      return private.refuse_alert(v_staff, 'alert.start_refused', p ->> 'identifier');
    end if;
  end if;
  insert into public.alerts (id, station_id, chain_id, message_type, base_id, is_exercise, kind, colour, event_code, urgency, severity, certainty, onset_at, expires_at, follows_id, contact, web,
    created_at, created_by, edited_at, edited_by)
  values (v_id, v_base.station_id, case when v_act = 'exercise' then v_id else v_base.chain_id end, case when v_act = 'exercise' then 'alert' else v_act end, case when v_act <> 'exercise' then v_base.id end,
    v_act = 'exercise' or v_base.is_exercise, v_base.kind, v_base.colour, v_base.event_code,
    case when v_act = 'all_clear' then 'Past' else v_base.urgency end, case when v_act = 'all_clear' then 'Minor' else v_base.severity end, case when v_act = 'all_clear' then 'Observed' else v_base.certainty end,
    case when v_act = 'update' then v_base.onset_at end,
    -- What ends another is read until that one would have ended, and for a day at least.
    case when v_act = 'exercise' then date_trunc('second', v_now) + interval '24 hours' when v_act = 'update' then v_base.expires_at else greatest(v_base.expires_at, date_trunc('second', v_now) + interval '24 hours') end,
    case when v_act <> 'exercise' then v_base.follows_id end, v_base.contact, v_base.web, v_now, v_staff.user_id, v_now, v_staff.user_id)
  on conflict (chain_id) where state in ('draft', 'in_review') do nothing
  returning * into v_alert;
  if v_alert.id is null then
    return private.refuse('follow_up_open');
  end if;
  if v_act in ('update', 'exercise') then
    insert into public.alert_texts (alert_id, locale, headline, description, instruction) select v_id, t.locale, t.headline, t.description, t.instruction from public.alert_texts t where t.alert_id = v_base.id;
  end if;
  insert into public.alert_areas (alert_id, number, station_id, kind, community_id, grid_id, shape, label, community_ids, grid_ids)
  select v_id, r.number, r.station_id, r.kind, r.community_id, r.grid_id, r.shape, r.label, r.community_ids, r.grid_ids from public.alert_areas r where r.alert_id = v_base.id;
  update public.alerts a set community_ids = v_base.community_ids, grid_ids = v_base.grid_ids where a.id = v_id returning * into v_alert;
  perform private.log_alert(v_alert, v_staff, 'alert.drafted', jsonb_build_object('base', v_base.identifier));
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'alert', private.whole_alert(v_alert));
end;
$$;
comment on function public.start_alert(jsonb) is 'Definer: nobody writes alerts directly.';
revoke all on function public.start_alert(jsonb) from public;
grant execute on function public.start_alert(jsonb) to authenticated;

-- What keeps a draft from being published now: a code of shared/errors.ts, or null.
create function private.alert_gap(a public.alerts, p_now timestamptz) returns text
language sql stable set search_path = '' as $$
  select case
    when a.base_id is not null and (private.active_in_chain(a.chain_id, p_now)).id is distinct from a.base_id then 'alert_ended'
    when cardinality(a.community_ids) = 0 or not exists (select from public.alert_texts t where t.alert_id = a.id and t.locale = 'zh') then 'alert_incomplete'
    when a.expires_at <= p_now or a.expires_at > p_now + case when a.colour in ('orange', 'red') then interval '72 hours' else interval '30 days' end then 'alert_expiry'
  end;
$$;

/*
  What is decided about a draft. p: {identifier, revision, act: submit | return | discard | approve, reason? (return)}
  submit: for review. return: back to whoever wrote it. discard: whoever made it, or a lead or chief. approve: a lead or chief who neither began nor last changed it (RULES E4).
  → {ok, me, alert} | not_found, conflict, forbidden, second_person_required, reason_missing, status_order, alert_ended, alert_incomplete, alert_expiry
*/
create function public.decide_alert(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_act text := p ->> 'act';
  v_leads boolean := coalesce(v_staff.role in ('lead', 'chief'), false);
  v_alert public.alerts := private.draft_for(v_staff, p ->> 'identifier');
  v_gap text;
begin
  if v_alert.id is null then
    return private.refuse_alert(v_staff, 'alert.decide_refused', p ->> 'identifier');
  end if;
  if v_alert.state not in ('draft', 'in_review') or v_alert.revision <> coalesce((p ->> 'revision')::integer, 0) then
    return private.refuse('conflict');
  end if;
  if (v_act in ('return', 'approve') and not v_leads) or (v_act = 'discard' and not v_leads and v_alert.created_by <> v_staff.user_id) then
    return private.refuse_alert(v_staff, 'alert.decide_refused', v_alert.identifier, 'forbidden');
  end if;
  if v_act in ('submit', 'approve') then
    v_gap := private.alert_gap(v_alert, v_now);
    if v_gap is not null then
      return private.refuse(v_gap);
    end if;
  end if;
  if v_act in ('return', 'approve') and v_alert.state <> 'in_review' then
    return private.refuse('status_order');
  end if;

  if v_act = 'submit' then
    if v_alert.state = 'draft' then
      update public.alerts a set state = 'in_review', submitted_at = v_now, submitted_by = v_staff.user_id, returned_reason = null where a.id = v_alert.id returning * into v_alert;
      perform private.log_alert(v_alert, v_staff, 'alert.submitted');
    end if;
  elsif v_act = 'return' then
    if not coalesce(private.is_plain_text(p ->> 'reason', 3, 500, true), false) then
      return private.refuse('reason_missing');
    end if;
    update public.alerts a set state = 'draft', submitted_at = null, submitted_by = null, approved_at = null, approved_by = null, returned_reason = p ->> 'reason' where a.id = v_alert.id returning * into v_alert;
    perform private.log_alert(v_alert, v_staff, 'alert.returned');
  elsif v_act = 'discard' then
    update public.alerts a set state = 'discarded', approved_at = null, approved_by = null where a.id = v_alert.id returning * into v_alert;
    perform private.log_alert(v_alert, v_staff, 'alert.discarded');
  elsif v_act = 'approve' then
    if v_staff.user_id in (v_alert.created_by, v_alert.edited_by) then
      return private.refuse_alert(v_staff, 'alert.decide_refused', v_alert.identifier, 'second_person_required');
    end if;
    update public.alerts a set approved_at = v_now, approved_by = v_staff.user_id where a.id = v_alert.id returning * into v_alert;
    perform private.log_alert(v_alert, v_staff, 'alert.approved');
  else
    return private.refuse('invalid_input');
  end if;
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'alert', private.whole_alert(v_alert));
end;
$$;
comment on function public.decide_alert(jsonb) is 'Definer: nobody writes alerts directly.';
revoke all on function public.decide_alert(jsonb) from public;
grant execute on function public.decide_alert(jsonb) to authenticated;
