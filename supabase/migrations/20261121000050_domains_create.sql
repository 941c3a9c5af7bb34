-- Purpose: the words and shapes that several tables share, each written down once.
-- Risk: none, new objects. A domain is checked as fast as a cast; a CHECK on the table is read and planned anew at every insert, which
-- had made up half of the cost of filing a report (docs/decisions/domains-for-columns.md).

create domain public.locale_code as text check (value in ('zh', 'en'));
create domain public.slug as text check (value ~ '^[a-z0-9]+(-[a-z0-9]+)*$');
create domain public.code_name as text check (value ~ '^[a-z]+(_[a-z]+)*$');
create domain public.dotted_name as text check (value ~ '^[a-z_]+\.[a-z_]+$');
comment on domain public.dotted_name is 'A noun and what is done with it: `report.opened`, `reports.received`.';

create domain public.sealed_text as text check (starts_with(value, 'v1.') and char_length(value) < 400000);
comment on domain public.sealed_text is 'Ciphertext (RULES B2), as server/domain/trust/envelope.ts makes it, or a key wrapped the same way.';
-- A count of 64 in the pattern would cost ten times the pattern.
create domain public.keyed_hash as text check (value ~ '^[a-z]+-[0-9]+:[0-9a-f]+$' and char_length(split_part(value, ':', 2)) = 64);
comment on domain public.keyed_hash is 'HMAC-SHA-256 in hex behind the id of its key: found again by whoever has the key only.';
create domain public.hex_256 as text check (value ~ '^[0-9a-f]+$' and char_length(value) = 64);
comment on domain public.hex_256 is '32 bytes in hex: a SHA-256 or a nonce.';

create domain public.actor_role as text check (value in ('guest', 'resident', 'officer', 'lead', 'chief', 'auditor', 'admin', 'system'));
create domain public.report_status as text check (value in ('received', 'triaged', 'in_progress', 'resolved', 'closed'));
create domain public.closed_reason as text check (value in ('no_further_action', 'referred', 'duplicate', 'withdrawn', 'unfounded', 'spam'));
create domain public.report_event_kind as text check (value in ('received', 'status', 'assigned', 'merged', 'message', 'evidence', 'withdrawn', 'released'));
create domain public.report_author as text check (value in ('reporter', 'staff'));
create domain public.report_channel as text check (value in ('web', 'api', 'bot', 'desk'));
create domain public.report_reference as text check (value ~ '^LL-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$');
create domain public.report_summary as text check (char_length(value) between 1 and 2000);
create domain public.contact_mode as text check (value in ('anonymous', 'sealed', 'named'));
create domain public.visibility as text check (value in ('public', 'private'));
create domain public.urgency as text check (value in ('normal', 'urgent'));
create domain public.delivery_channel as text check (value in ('email', 'telegram', 'webpush'));
create domain public.delivery_status as text check (value in ('queued', 'sent', 'failed', 'dead', 'cancelled'));
