-- Purpose: "My reports" says which of them wait for the resident's answer.
-- Risk: none. list_my_reports is replaced with the same signature; it answers one field more.

-- p: actor, session, owner_hash → the signed-in resident's reports, named and sealed, newest first. `awaits_answer`: a visit was made and nobody has said how satisfied they are.
create or replace function public.list_my_reports(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'reports', coalesce((
    select jsonb_agg(jsonb_build_object('reference', t.reference, 'category', t.category_code, 'status', t.status, 'closed_reason', t.closed_reason, 'urgency', t.urgency,
      'received_at', t.received_at, 'updated_at', t.updated_at, 'first_viewed_at', t.first_viewed_at, 'accepted_at', t.accepted_at, 'closed_at', t.closed_at,
      'contact_mode', t.contact_mode, 'time_zone', t.time_zone,
      'unread', (select count(*) from public.report_messages m where m.report_id = t.id and m.author = 'staff' and m.read_at is null),
      'awaits_answer', exists (select from public.revisits v where v.report_id = t.id and v.visited_at is not null and v.answer is null and v.no_reply_at is null and v.stopped_at is null)) order by t.received_at desc)
    from (select r.*, s.time_zone from public.reports r join public.stations s on s.id = r.station_id
      where r.owner_id = v_actor or r.owner_hash = p ->> 'owner_hash' order by r.received_at desc limit 100) t), '[]'::jsonb));
end;
$$;
