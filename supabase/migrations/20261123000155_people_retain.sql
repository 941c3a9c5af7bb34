-- Purpose: invitations that nobody used and proposals that nobody decided end by themselves, and with them the addresses they hold.
-- Risk: `purge_people` ends rows, a page at a time; none is deleted: the decision and its reason stay for the auditor.

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('invitations_expired', 146, 'staff:retain', 'term', '14 days', '1 day', '90 days',
    '{"zh": "没有用上的邀请（邮箱）", "en": "Invitations that nobody used: their addresses"}', '{"zh": "链接过期后计算，期满作废，邮箱删除", "en": "Counted from the end of the link; then the invitation ends and the address is deleted"}',
    '{"zh": "便于给来晚的人重新发送", "en": "So that it can be sent again to whoever is late"}'),
  ('proposals_open', 147, 'staff:retain', 'term', '30 days', '7 days', '90 days',
    '{"zh": "没有人决定的人员变更提议", "en": "Proposals about people that nobody decided"}', '{"zh": "提出后计算，期满作废，被邀请人的邮箱删除；提议和理由保留", "en": "Counted from the day they were made; then they lapse and the address of an invited person is deleted; proposal and reason stay"}',
    '{"zh": "过久的提议应当重新考虑", "en": "What waited so long is to be thought over again"}');

create function private.unused_invitations() returns setof private.staff_invitations
language sql stable set search_path = '' as $$
  select i.* from private.staff_invitations i where i.accepted_at is null and i.revoked_at is null and i.expires_at < private.clock() - private.kept_for('invitations_expired');
$$;
revoke all on function private.unused_invitations() from public;

create function private.undecided_proposals() returns setof public.staff_proposals
language sql stable set search_path = '' as $$
  select q.* from public.staff_proposals q where q.decision is null and q.proposed_at < private.clock() - private.kept_for('proposals_open');
$$;
revoke all on function private.undecided_proposals() from public;

-- p: limit, is_dry? (counts and ends nothing) → {ok, invitations, proposals, has_more}
create function public.purge_people(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_invitation private.staff_invitations;
  v_proposal public.staff_proposals;
  v_invitations integer := 0;
  v_proposals integer := 0;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if (p ->> 'is_dry')::boolean then
    return jsonb_build_object('ok', true, 'invitations', (select count(*) from private.unused_invitations()), 'proposals', (select count(*) from private.undecided_proposals()), 'has_more', false);
  end if;
  for v_invitation in select i.* from private.staff_invitations i where i.id in (select u.id from private.unused_invitations() u) order by i.expires_at limit v_limit for update skip locked loop
    perform private.end_invitation(v_invitation.id);
    perform private.log(v_invitation.station_id, null, 'system', 'staff.invitation_lapsed', 'staff', v_invitation.user_id, jsonb_build_object('badge', v_invitation.badge_number));
    v_invitations := v_invitations + 1;
  end loop;
  for v_proposal in select q.* from public.staff_proposals q where q.id in (select u.id from private.undecided_proposals() u) order by q.proposed_at limit v_limit for update skip locked loop
    if v_proposal.invitation_id is not null then
      perform private.end_invitation(v_proposal.invitation_id);
    end if;
    update public.staff_proposals q set decision = 'lapsed', decided_at = private.clock() where q.id = v_proposal.id;
    perform private.log(v_proposal.station_id, null, 'system', 'staff.change_lapsed', 'staff', v_proposal.subject_id,
      jsonb_build_object('proposal', v_proposal.kind, 'about', v_proposal.subject_id, 'role', v_proposal.role));
    v_proposals := v_proposals + 1;
  end loop;
  return jsonb_build_object('ok', true, 'invitations', v_invitations, 'proposals', v_proposals, 'has_more', greatest(v_invitations, v_proposals) = v_limit);
end;
$$;
comment on function public.purge_people(jsonb) is 'The job staff:retain. Definer: nobody may write these tables directly.';
revoke all on function public.purge_people(jsonb) from public;
grant execute on function public.purge_people(jsonb) to service_role;

-- What /desk/retention shows of the next run: of the reports as before, and of the people.
alter function private.foresee_retention(public.staff) rename to foresee_reports_retention;
create function private.foresee_retention(p_staff public.staff) returns jsonb
language sql stable set search_path = '' as $$
  select private.foresee_reports_retention(p_staff) || jsonb_build_object(
    'invitations_expired', (select count(*) from private.unused_invitations() i where p_staff.user_id is null or i.station_id = p_staff.station_id),
    'proposals_open', (select count(*) from private.undecided_proposals() q where p_staff.user_id is null or q.station_id = p_staff.station_id));
$$;
revoke all on function private.foresee_retention(public.staff) from public;
