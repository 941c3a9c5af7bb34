-- Purpose: the publication of an alert: what it says is fixed, signed by the portal, and everything that follows from it commits together.
-- Risk: none for data, new functions.

-- CAP: all messages of the chain that still count.
create function private.references_at(a public.alerts, p_sent timestamptz) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('identifier', b.identifier, 'sent', private.utc_second(b.published_at)) order by b.published_at), '[]'::jsonb)
  from public.alerts b where b.chain_id = a.chain_id and b.id <> a.id and b.state = 'published' and b.ended_by_id is null and b.expires_at > p_sent;
$$;

-- What a message will say, as shared/alerts/published-alert.ts has it: the statement signs exactly this.
create function private.alert_content(a public.alerts, p_sent timestamptz) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'identifier', a.identifier, 'sender', (select jsonb_build_object('slug', s.slug, 'name', s.name, 'issuerCode', s.alert_issuer) from public.stations s where s.id = a.station_id), 'sent', private.utc_second(p_sent),
    'messageType', a.message_type, 'isExercise', a.is_exercise, 'kind', a.kind, 'colour', a.colour,
    'event', (select jsonb_build_object('code', e.code, 'category', e.category, 'name', e.name) from public.alert_events e where e.code = a.event_code),
    'urgency', a.urgency, 'severity', a.severity, 'certainty', a.certainty, 'onset', private.utc_second(a.onset_at), 'expires', private.utc_second(a.expires_at),
    'references', private.references_at(a, p_sent), 'texts', private.alert_texts_of(a.id),
    'areas', (select coalesce(jsonb_agg(jsonb_build_object('kind', r.kind, 'label', r.label, 'community', (select c.slug from public.communities c where c.id = r.community_id),
      'grid', (select g.code from public.grids g where g.id = r.grid_id), 'shape', r.shape) order by r.number), '[]'::jsonb) from public.alert_areas r where r.alert_id = a.id),
    'web', a.web, 'contact', a.contact);
$$;

-- May this person publish this draft now? A code of shared/errors.ts, or null.
create function private.publication_gap(a public.alerts, p_staff public.staff, p_sent timestamptz, p_override text) returns text
language sql stable set search_path = '' as $$
  select case
    when p_staff.role not in ('lead', 'chief') then 'forbidden'
    when private.alert_gap(a, p_sent) is not null then private.alert_gap(a, p_sent)
    -- What a colleague has not handed in yet is theirs to finish.
    when a.state = 'draft' and a.edited_by <> p_staff.user_id then 'status_order'
    when p_override is not null and p_staff.role <> 'chief' then 'second_person_required'
    when p_override is not null and not private.is_plain_text(p_override, 6, 500, true) then 'reason_missing'
    when private.needs_second_person(a) and a.approved_by is null and p_override is null and (a.state <> 'in_review' or p_staff.user_id in (a.created_by, a.edited_by)) then 'second_person_required'
  end;
$$;

-- Everything that follows from a publication, in its transaction. The audience is written out afterwards, page by page.
create function private.follow_publication(p_alert public.alerts) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into private.alert_expansions (alert_id, created_at) values (p_alert.id, private.clock());
end;
$$;

-- CAP has whole seconds; a message is later than what it references.
create function private.sending_second(a public.alerts) returns timestamptz
language sql stable set search_path = '' as $$
  select greatest(date_trunc('second', private.clock()), (select max(b.published_at) + interval '1 second' from public.alerts b where b.chain_id = a.chain_id and b.state = 'published'));
$$;

/*
  Before a publication: what it would say if it were sent at that second, for the portal to sign. p: {actor, session, identifier, revision, sent, override_reason?}
  → {ok, content} | not_found, conflict, and what publish_alert refuses with
*/
create function public.prepare_alert(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_alert public.alerts := private.draft_for(v_staff, p ->> 'identifier');
  v_sent timestamptz := private.sending_second(v_alert);
  v_gap text;
begin
  if v_alert.id is null then
    return private.refuse_alert(v_staff, 'alert.publish_refused', p ->> 'identifier');
  end if;
  if v_alert.state not in ('draft', 'in_review') or v_alert.revision <> coalesce((p ->> 'revision')::integer, 0) then
    return private.refuse('conflict');
  end if;
  v_gap := private.publication_gap(v_alert, v_staff, v_sent, p ->> 'override_reason');
  if v_gap in ('forbidden', 'second_person_required') then
    return private.refuse_alert(v_staff, 'alert.publish_refused', v_alert.identifier, v_gap);
  elsif v_gap is not null then
    return private.refuse(v_gap);
  end if;
  return jsonb_build_object('ok', true, 'content', private.alert_content(v_alert, v_sent));
end;
$$;
comment on function public.prepare_alert(jsonb) is 'The server''s: it signs what this answers. Definer: drafts are private.';
revoke all on function public.prepare_alert(jsonb) from public;
grant execute on function public.prepare_alert(jsonb) to service_role;

/*
  Publishes. p: {actor, session, identifier, revision, content: as prepare_alert gave it, statement, override_reason? (chief)}
  Whoever publishes what another handed in has looked at it: that is the approval. What is published is what this database says of the draft; the signed content must equal it.
  → {ok, alert} | not_found, conflict, forbidden, second_person_required, reason_missing, status_order, alert_ended, alert_incomplete, alert_expiry
*/
create function public.publish_alert(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_now timestamptz := private.clock();
  v_sent timestamptz := (p -> 'content' ->> 'sent')::timestamptz;
  v_override text := p ->> 'override_reason';
  v_alert public.alerts;
  v_content jsonb;
  v_gap text;
  v_needs_two boolean;
  v_ended uuid[];
begin
  -- Numbers are drawn in the order in which they can be seen, and nothing else of the chain moves meanwhile.
  perform pg_advisory_xact_lock(hashtext('linli alerts'));
  v_alert := private.draft_for(v_staff, p ->> 'identifier');
  if v_alert.id is null then
    return private.refuse_alert(v_staff, 'alert.publish_refused', p ->> 'identifier');
  end if;
  if v_alert.state not in ('draft', 'in_review') or v_alert.revision <> coalesce((p ->> 'revision')::integer, 0) or coalesce(abs(extract(epoch from v_sent - v_now)) > 60, true) then
    return private.refuse('conflict');
  end if;
  v_gap := private.publication_gap(v_alert, v_staff, v_sent, v_override);
  if v_gap in ('forbidden', 'second_person_required') then
    return private.refuse_alert(v_staff, 'alert.publish_refused', v_alert.identifier, v_gap);
  elsif v_gap is not null then
    return private.refuse(v_gap);
  end if;
  v_content := private.alert_content(v_alert, v_sent);
  if v_content is distinct from p -> 'content' or p -> 'statement' ->> 'identifier' is distinct from v_alert.identifier or p -> 'statement' ->> 'sent' is distinct from v_content ->> 'sent'
    or p -> 'statement' -> 'references' is distinct from v_content -> 'references' then
    return private.refuse('conflict');
  end if;
  v_needs_two := private.needs_second_person(v_alert);

  select array_agg(b.id) into v_ended from public.alerts b where b.chain_id = v_alert.chain_id and b.id <> v_alert.id and b.state = 'published' and b.ended_by_id is null and b.expires_at > v_sent;
  insert into public.alert_references (alert_id, referenced_id) select v_alert.id, u.id from unnest(v_ended) u (id);
  update public.alerts b set ended_at = v_sent, ended_by_id = v_alert.id, ended_by_type = v_alert.message_type, changed_number = nextval('private.alert_changes') where b.id = any (v_ended);
  if v_needs_two and v_alert.approved_by is null and v_override is null then
    update public.alerts a set approved_at = v_now, approved_by = v_staff.user_id where a.id = v_alert.id returning * into v_alert;
    perform private.log_alert(v_alert, v_staff, 'alert.approved');
  end if;
  update public.alerts a set state = 'published', published_at = v_sent, published_by = v_staff.user_id, content = v_content, statement = p -> 'statement', changed_number = nextval('private.alert_changes'),
    override_reason = case when v_needs_two and a.approved_by is null then v_override end
  where a.id = v_alert.id returning * into v_alert;
  if v_alert.override_reason is not null then
    perform private.log_alert(v_alert, v_staff, 'alert.overridden');
  end if;
  perform private.log_alert(v_alert, v_staff, 'alert.published');
  perform private.follow_publication(v_alert);
  return jsonb_build_object('ok', true, 'alert', private.public_alert(v_alert));
end;
$$;
comment on function public.publish_alert(jsonb) is 'The server''s: it takes a signature. Definer: nobody writes alerts directly.';
revoke all on function public.publish_alert(jsonb) from public;
grant execute on function public.publish_alert(jsonb) to service_role;

/* What everybody reads. */

-- As shared/alerts/published-alert.ts has it.
create function private.public_alert(a public.alerts) returns jsonb
language sql stable set search_path = '' as $$
  select a.content || jsonb_build_object('chain', c.identifier, 'chainSent', private.utc_second(c.published_at), 'follows', (select f.identifier from public.alerts f where f.id = a.follows_id),
    'endedBy', (select jsonb_build_object('identifier', e.identifier, 'sent', private.utc_second(a.ended_at), 'messageType', e.message_type) from public.alerts e where e.id = a.ended_by_id),
    'communityIds', to_jsonb(a.community_ids), 'gridIds', to_jsonb(a.grid_ids), 'statement', a.statement)
  from public.alerts c where c.id = a.chain_id;
$$;

/*
  What the station of this installation published within 400 days: what changed after a number that the caller knows. p: {after?}
  → {ok, now, number: ask with it next time, alerts: [public alerts, in the order in which they changed]}
*/
create function public.list_alerts(p jsonb default '{}'::jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_after bigint := coalesce((p ->> 'after')::bigint, 0);
  v_now timestamptz := private.clock();
begin
  return jsonb_build_object('ok', true, 'now', private.utc_second(v_now),
    'number', greatest(v_after, coalesce((select max(a.changed_number) from public.alerts a where a.state = 'published'), 0)),
    'alerts', coalesce((select jsonb_agg(private.public_alert(a) order by a.changed_number) from public.alerts a join public.stations s on s.id = a.station_id and s.is_default
      where a.state = 'published' and a.changed_number > v_after and a.expires_at > v_now - interval '400 days'), '[]'::jsonb));
end;
$$;
comment on function public.list_alerts(jsonb) is 'A public read. Definer: when something changed is counted for all at once.';
revoke all on function public.list_alerts(jsonb) from public;
grant execute on function public.list_alerts(jsonb) to anon, authenticated, service_role;

-- One published message, however old; of any station. → {ok, now, alert, state} | not_found
create function public.get_alert(p_identifier text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce((select jsonb_build_object('ok', true, 'now', private.utc_second(private.clock()), 'alert', private.public_alert(a), 'state', private.effective_state(a, private.clock()))
    from public.alerts a where a.identifier = p_identifier and a.state = 'published'), private.refuse('not_found'));
$$;
comment on function public.get_alert(text) is 'A public read. Definer: as list_alerts.';
revoke all on function public.get_alert(text) from public;
grant execute on function public.get_alert(text) to anon, authenticated, service_role;

/* What the desk reads. */

-- p: {state?: open | published | discarded, limit?} → {ok, me, alerts: newest first} | forbidden
create function public.list_desk_alerts(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'alerts', coalesce((
    select jsonb_agg(private.alert_facts(t.a) order by (t.a).edited_at desc, (t.a).id) from (
      select a from public.alerts a where a.station_id = v_staff.station_id and private.may_read_alert(a, v_staff)
        and case p ->> 'state' when 'open' then a.state in ('draft', 'in_review') when 'published' then a.state = 'published' when 'discarded' then a.state = 'discarded' else true end
      order by a.edited_at desc, a.id limit least(greatest(coalesce((p ->> 'limit')::integer, 100), 1), 200)) t), '[]'::jsonb));
end;
$$;
comment on function public.list_desk_alerts(jsonb) is 'Definer: drafts are readable here only.';
revoke all on function public.list_desk_alerts(jsonb) from public;
grant execute on function public.list_desk_alerts(jsonb) to authenticated;

-- One message with everything in it, and the others of its chain. p: {identifier} → {ok, me, alert, chain: facts, oldest first} | forbidden, not_found
create function public.read_desk_alert(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_alert public.alerts;
begin
  select a.* into v_alert from public.alerts a where a.identifier = p ->> 'identifier' and private.may_read_alert(a, v_staff);
  if v_alert.id is null then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'alert', private.whole_alert(v_alert),
    'chain', (select jsonb_agg(private.alert_facts(c) order by c.created_at, c.id) from public.alerts c where c.chain_id = v_alert.chain_id and private.may_read_alert(c, v_staff)));
end;
$$;
comment on function public.read_desk_alert(jsonb) is 'Definer: drafts are readable here only.';
revoke all on function public.read_desk_alert(jsonb) from public;
grant execute on function public.read_desk_alert(jsonb) to authenticated;
