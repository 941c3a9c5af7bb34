-- Purpose: news of one's patrols beside the mail in the Telegram chat that the account is linked with, as its owner chose.
-- Risk: none for data; the trigger is made anew and knows more templates.

drop trigger outbox_also_by_telegram on public.outbox;
create trigger outbox_also_by_telegram before insert on public.outbox
  for each row when (new.channel = 'email' and new.template in ('reports.received', 'reports.status_changed', 'reports.message_received',
    'revisits.asked', 'revisits.reminder', 'revisits.asked_again', 'revisits.outcome', 'duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting', 'chat.late', 'alerts.help',
    'patrols.decided', 'patrols.offered', 'patrols.changed', 'patrols.cancelled', 'patrols.reminder', 'patrols.locked', 'patrols.swapped', 'patrols.certificate', 'patrols.overdue', 'patrols.overdue_lead'))
  execute function private.also_by_telegram();
