-- Tokens that keep browsers signed in end when the password changes. Those given out before are known by their name and
-- their life of twelve hours.
alter table identity_tokens add column is_session smallint not null default 0;
update identity_tokens set is_session = 1 where name = 'browser' and expires_ms - created_ms = 43200000;
