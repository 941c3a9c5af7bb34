-- Purpose: what the desk needs of alerts beside the acts: how a draft would go out, word to whoever may decide about it, the number in the menu, and the station's issuer code in its settings.
-- Risk: low. count_desk_work answers one number more; a station setting without alert_issuer, as an older portal sends it, means none. One trigger more on alerts.

/*
  What a draft would say if it were sent now, for a preview. p: {identifier}
  → {ok, content, chain, chain_sent} | not_found, alert_incomplete: without a Chinese text and an area there is nothing to show
*/
create function public.preview_alert(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_alert public.alerts;
  v_sent timestamptz;
begin
  select a.* into v_alert from public.alerts a where a.identifier = p ->> 'identifier' and a.state in ('draft', 'in_review') and private.may_read_alert(a, v_staff);
  if v_alert.id is null then
    return private.refuse('not_found');
  end if;
  if cardinality(v_alert.community_ids) = 0 or not exists (select from public.alert_texts t where t.alert_id = v_alert.id and t.locale = 'zh') then
    return private.refuse('alert_incomplete');
  end if;
  v_sent := private.sending_second(v_alert);
  return jsonb_build_object('ok', true, 'content', private.alert_content(v_alert, v_sent), 'chain', (select c.identifier from public.alerts c where c.id = v_alert.chain_id),
    'chain_sent', private.utc_second(coalesce((select c.published_at from public.alerts c where c.id = v_alert.chain_id), v_sent)),
    'follows', (select f.identifier from public.alerts f where f.id = v_alert.follows_id), 'community_ids', to_jsonb(v_alert.community_ids), 'grid_ids', to_jsonb(v_alert.grid_ids));
end;
$$;
comment on function public.preview_alert(jsonb) is 'Definer: drafts are readable at the desk only.';
revoke all on function public.preview_alert(jsonb) from public;
grant execute on function public.preview_alert(jsonb) to authenticated;

/* Word to whoever is awaited: that something waits at the desk, never what it says. */

-- Of a draft that was handed in: leads and chiefs who may decide about it, until one of them has. Of one that was given back: whoever changed it last.
create function private.tell_of_review() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if old.state = 'in_review' and new.state <> 'in_review' then
    update public.outbox o set status = 'cancelled', settled_at = private.clock(), last_error = 'decided'
    where o.noun = 'alerts' and o.noun_id = new.id and o.template = 'alerts.submitted' and o.status = 'queued' and o.leased_by is null;
  end if;
  if new.state = 'in_review' and old.state = 'draft' then
    insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
    select 'email', 'alerts.submitted', 'alerts', new.id, s.user_id, coalesce(f.locale, 'zh') from public.staff s left join public.profiles f on f.user_id = s.user_id
    where s.station_id = new.station_id and s.is_active and s.role in ('lead', 'chief') and s.user_id <> new.submitted_by
      and (not private.needs_second_person(new) or s.user_id not in (new.created_by, new.edited_by));
  elsif new.state = 'draft' and old.state = 'in_review' and new.revision = old.revision then
    insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
    select 'email', 'alerts.returned', 'alerts', new.id, s.user_id, coalesce(f.locale, 'zh') from public.staff s left join public.profiles f on f.user_id = s.user_id
    where s.user_id = new.edited_by and s.is_active;
  end if;
  return null;
end;
$$;
comment on function private.tell_of_review() is 'Trigger. Definer: it writes the outbox.';
create trigger alerts_tell_of_review after update of state on public.alerts for each row execute function private.tell_of_review();

-- As in 20261125000160, and of a draft that waits for a decision.
create or replace function private.is_duty_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
  select p_template in ('revisits.overdue', 'revisits.overdue_own', 'revisits.overdue_chief', 'revisits.climbed', 'revisits.several', 'duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting', 'chat.late', 'alerts.help',
    'alerts.submitted', 'alerts.returned',
    'staff.factor_enrolled', 'staff.factor_changed', 'staff.factor_reset', 'staff.recovery_used', 'staff.codes_renewed', 'staff.password_changed', 'staff.invited', 'staff.proposed', 'staff.changed');
$$;

/* The number beside the sidebar's noun. */

-- Drafts that wait for this person: to decide about, where they may; or their own that were given back.
create function private.count_alerts(p_staff public.staff) returns bigint
language sql stable set search_path = '' as $$
  select count(*) from (
    select from public.alerts a where a.station_id = p_staff.station_id and a.state in ('draft', 'in_review') and case a.state
      when 'in_review' then p_staff.role in ('lead', 'chief') and (a.approved_by is not null or not private.needs_second_person(a) or p_staff.user_id not in (a.created_by, a.edited_by))
      else a.returned_reason is not null and a.edited_by = p_staff.user_id end
    limit 100) t;
$$;

-- As in 20261124000110, and alerts.
create or replace function public.count_desk_work() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_communities uuid[];
  v_new bigint;
  v_mine bigint;
  v_unverified bigint;
  v_revisits bigint;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return '{"ok": true, "unseen": 0, "mine": 0, "unverified": 0, "revisits": 0, "chats": 0, "alerts": 0}'::jsonb;
  end if;
  v_communities := array(select private.communities_of(v_staff.user_id));
  execute format($q$select count(*) from (select from public.reports r where %s and %s and r.status = 'received' limit 100) t$q$,
    private.desk_scope(private.desk_post(v_staff)), private.desk_view('inbox')) into v_new using v_staff.station_id, v_staff.user_id, v_communities;
  execute format($q$select count(*) from (select from public.reports r where %s and r.assigned_to = $2 and r.status in ('triaged', 'in_progress') limit 100) t$q$,
    private.desk_scope(private.desk_post(v_staff))) into v_mine using v_staff.station_id, v_staff.user_id, v_communities;
  -- They stand beside the inbox, and their clock runs like any other.
  execute format($q$select count(*) from (select from public.reports r where %s and %s limit 100) t$q$,
    private.desk_scope(private.desk_post(v_staff)), private.desk_view('unverified')) into v_unverified using v_staff.station_id, v_staff.user_id, v_communities;
  -- For an officer the visits that are theirs, for whoever leads what climbed to them as well.
  execute format($q$select count(*) from (select from public.revisits v join public.reports r on r.id = v.report_id where (%s and %s) or (%s and %s) limit 100) t$q$,
    private.desk_scope(v_staff.role), private.revisit_view('mine'), private.revisit_scope(v_staff.role, 'climbed'), private.revisit_view('climbed'))
    into v_revisits using v_staff.station_id, v_staff.user_id, v_communities, '{}'::jsonb, coalesce(private.revisit_rank(v_staff.role), 9);
  return jsonb_build_object('ok', true, 'unseen', v_new, 'mine', v_mine, 'unverified', v_unverified, 'revisits', v_revisits, 'chats', private.count_threads(v_staff), 'alerts', private.count_alerts(v_staff));
end;
$$;

/* As in 20261123000205, with the issuer code of GB/T 35965.1. */

create or replace function private.setting_of(p_station uuid, p_section text, p_item text) returns jsonb
language sql stable set search_path = '' as $$
  select case p_section
    when 'station' then (select jsonb_build_object('name', s.name, 'address', s.address, 'phone', s.phone, 'time_zone', s.time_zone, 'emergency_numbers', s.emergency_numbers, 'alert_issuer', s.alert_issuer) from public.stations s where s.id = p_station)
    when 'office' then (select jsonb_build_object('name', o.name, 'address', o.address, 'phone', o.phone, 'reception_hours', o.reception_hours, 'lat', o.lat, 'lng', o.lng)
      from public.police_offices o join public.communities c on c.id = o.community_id where c.station_id = p_station and c.slug = p_item order by o.id limit 1)
    when 'category' then (select jsonb_build_object('group', k."group", 'visibility', k.visibility, 'urgency', k.urgency, 'name', k.name, 'description', k.description, 'guidance', k.guidance,
        'retention_days', k.retention_days, 'allows_device_draft', k.allows_device_draft, 'is_active', k.is_active,
        'questions', coalesce((select jsonb_agg(jsonb_build_object('code', q.code, 'kind', q.kind, 'label', q.label, 'hint', q.hint, 'options', q.options, 'is_required', q.is_required) order by q.position, q.code)
          from public.category_questions q where q.category_code = k.code and q.is_active), '[]'::jsonb))
      from public.categories k where k.code = p_item)
    when 'category_order' then (select jsonb_agg(k.code order by k.position, k.code) from public.categories k where k.is_active)
    when 'template' then (select jsonb_build_object('category', t.category_code, 'status', t.status, 'closed_reason', t.closed_reason, 'name', t.name, 'body', t.body, 'position', t.position)
      from public.response_templates t where t.slug = p_item)
    when 'areas' then private.areas_of(p_station)
  end;
$$;

create or replace function private.is_station_setting(p jsonb) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(private.is_said(p -> 'name', 60) and (p ->> 'address' is null or private.is_said(p -> 'address', 200)) and (p ->> 'phone' is null or private.is_phone(p ->> 'phone'))
    and exists (select from pg_catalog.pg_timezone_names z where z.name = p ->> 'time_zone') and (p ->> 'emergency_numbers' is null or private.are_emergency_numbers(p -> 'emergency_numbers'))
    and (p ->> 'alert_issuer' is null or p ->> 'alert_issuer' ~ '^[0-9]{14}$'), false);
$$;

create or replace function private.apply_setting(p_station uuid, p_section text, p_item text, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  case p_section
    when 'station' then
      update public.stations s set name = p -> 'name', address = nullif(p -> 'address', 'null'::jsonb), phone = p ->> 'phone', time_zone = p ->> 'time_zone', emergency_numbers = nullif(p -> 'emergency_numbers', 'null'::jsonb),
        alert_issuer = p ->> 'alert_issuer'
      where s.id = p_station;
    when 'office' then
      delete from public.police_offices o using public.communities c where c.id = o.community_id and c.station_id = p_station and c.slug = p_item;
      if p is not null then
        insert into public.police_offices (community_id, name, address, phone, reception_hours, lat, lng)
        select c.id, p -> 'name', p -> 'address', p ->> 'phone', p -> 'reception_hours', (p ->> 'lat')::double precision, (p ->> 'lng')::double precision
        from public.communities c where c.station_id = p_station and c.slug = p_item;
      end if;
    when 'category' then perform private.apply_category(p_item, p);
    when 'category_order' then
      update public.categories k set position = (c.ordinality * 10)::integer from jsonb_array_elements_text(p) with ordinality c (value, ordinality) where k.code = c.value;
    when 'template' then
      delete from public.response_templates t where t.slug = p_item and p is null;
      if p is not null then
        insert into public.response_templates (slug, category_code, status, closed_reason, name, body, position)
        values (p_item, p ->> 'category', p ->> 'status', p ->> 'closed_reason', p -> 'name', p -> 'body', (p ->> 'position')::integer)
        on conflict (slug) do update set category_code = excluded.category_code, status = excluded.status, closed_reason = excluded.closed_reason, name = excluded.name, body = excluded.body, position = excluded.position;
      end if;
    when 'areas' then perform private.apply_areas(p_station, p);
  end case;
end;
$$;
