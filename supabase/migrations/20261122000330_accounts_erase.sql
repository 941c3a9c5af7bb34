-- Purpose: erasing an account: what goes at once, what an open case keeps until it closes, and what stays for its legal retention.
-- Risk: `reports.nonce` may be null from here on: an erased link leaves the text for its retention and no proof that it was this
-- reporter's (RULES C3). Needs 202611220002xx for the chain and its tombstones.

alter table public.reports alter column nonce drop not null;
comment on column public.reports.nonce is 'Secret half of the leaf (RULES C3). Null once the reporter had the link to them erased: a tombstone in the log says so.';

create table private.pending_erasures (
  report_id uuid primary key references public.reports (id) on delete cascade,
  asked_at timestamptz not null
);
comment on table private.pending_erasures is 'Open cases of erased accounts: the contact goes when the case closes, by the trigger below.';
alter table private.pending_erasures enable row level security;

create table private.account_erasures (
  user_id uuid primary key references auth.users (id) on delete cascade,
  asked_at timestamptz not null
);
comment on table private.account_erasures is 'Erasures whose last step, the row at Supabase Auth, is still to come: gone a moment later, unless the server died between.';
alter table private.account_erasures enable row level security;

-- Takes who it was out of a report. The text stays: it is the station's record until its retention ends.
create function private.detach_reporter(p_report public.reports) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  update public.reports r set owner_id = null, owner_hash = null, contact_sealed = null, contact_key = null, notify_sealed = null, nonce = null where r.id = p_report.id;
  delete from public.outbox o where o.noun = 'reports' and o.noun_id = p_report.id and o.status in ('queued', 'failed', 'dead');
  delete from private.view_sessions v where v.report_id = p_report.id and v.viewer = 'reporter';
  perform private.leave_tombstone(p_report, null, 'system', 'account_erased');
end;
$$;
comment on function private.detach_reporter(public.reports) is 'Definer: a trigger calls it for whoever closes the case.';
revoke all on function private.detach_reporter(public.reports) from public;

create function private.detach_when_closed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from private.pending_erasures e where e.report_id = new.id;
  if found then
    perform private.detach_reporter(new);
  end if;
  return null;
end;
$$;
comment on function private.detach_when_closed() is 'Trigger: what an erased account''s open case kept goes with its end. Definer: the table is private.';
revoke all on function private.detach_when_closed() from public;
-- A case ends as solved or as closed; both have closed_at.
create trigger reports_keep_erasures after update of closed_at on public.reports
  for each row when (new.closed_at is not null and old.closed_at is null) execute function private.detach_when_closed();

-- What an erasure would do. p: actor, session, owner_hash → {ok, is_staff, closed, open: [reference], mails}
create function public.plan_account_erasure(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  return (select jsonb_build_object('ok', true, 'is_staff', exists (select from public.staff s where s.user_id = v_actor),
      'is_fresh', private.signed_in_recently((p ->> 'session')::uuid),
      'closed', count(*) filter (where r.closed_at is not null), 'open', coalesce(jsonb_agg(r.reference order by r.received_at) filter (where r.closed_at is null), '[]'::jsonb))
    from public.reports r where r.owner_id = v_actor or r.owner_hash = p ->> 'owner_hash');
end;
$$;
comment on function public.plan_account_erasure(jsonb) is 'Says beforehand what goes and what stays. Definer: sealed reports are found by a keyed hash.';
revoke all on function public.plan_account_erasure(jsonb) from public;
grant execute on function public.plan_account_erasure(jsonb) to service_role;

/*
  p: actor, session, owner_hash → {ok, detached, kept: [reference]}. Everything of ours in one transaction; the account's own row at
  Supabase Auth is deleted last, by the server. Repeated after a crash it finds nothing of ours left and changes nothing.
*/
create function public.erase_account(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
  v_detached integer := 0;
  v_kept text[] := '{}';
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if not private.signed_in_recently((p ->> 'session')::uuid) then
    return private.refuse('sign_in_again');
  end if;
  -- What staff did stays in the log under their name; their account is closed at the desk.
  if exists (select from public.staff s where s.user_id = v_actor) then
    return private.refuse('forbidden');
  end if;
  perform from auth.users u where u.id = v_actor for no key update;
  for v_report in select r.* from public.reports r where r.owner_id = v_actor or r.owner_hash = p ->> 'owner_hash' order by r.id for update loop
    if v_report.closed_at is not null then
      perform private.detach_reporter(v_report);
      v_detached := v_detached + 1;
    else
      -- The account goes now in any case; the contact that the officer needs stays until the case closes.
      -- Nothing is mailed any more.
      update public.reports r set owner_id = null, owner_hash = null, notify_sealed = null where r.id = v_report.id;
      delete from public.outbox o where o.noun = 'reports' and o.noun_id = v_report.id and o.status in ('queued', 'failed', 'dead');
      insert into private.pending_erasures (report_id, asked_at) values (v_report.id, private.clock()) on conflict (report_id) do nothing;
      v_kept := v_kept || v_report.reference::text;
    end if;
  end loop;
  delete from private.verifications v where v.user_id = v_actor;
  delete from private.confirmation_codes c where c.user_id = v_actor;
  delete from private.consents c where c.user_id = v_actor;
  delete from public.outbox o where o.recipient_id = v_actor;
  delete from public.profiles f where f.user_id = v_actor;
  insert into private.account_erasures (user_id, asked_at) values (v_actor, private.clock()) on conflict (user_id) do nothing;
  if found then
    perform private.log((select s.id from public.stations s where s.is_default), null, 'resident', 'account.erased', 'accounts', null,
      jsonb_build_object('detached', v_detached, 'kept', cardinality(v_kept)));
  end if;
  return jsonb_build_object('ok', true, 'detached', v_detached, 'kept', to_jsonb(v_kept));
end;
$$;
comment on function public.erase_account(jsonb) is 'Erases all of an account but its row at Supabase Auth. Definer: nobody may delete directly.';
revoke all on function public.erase_account(jsonb) from public;
grant execute on function public.erase_account(jsonb) to service_role;

create function public.list_unfinished_erasures() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'accounts', coalesce(jsonb_agg(t.user_id), '[]'::jsonb))
  from (select e.user_id from private.account_erasures e order by e.asked_at limit 100) t;
$$;
comment on function public.list_unfinished_erasures() is 'For the job that ends what a crash left undone. Definer: the table is private.';
revoke all on function public.list_unfinished_erasures() from public;
grant execute on function public.list_unfinished_erasures() to service_role;
