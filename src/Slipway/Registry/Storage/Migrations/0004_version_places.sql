-- Whoever removes files asks which versions have theirs there: places are compared by their letters' codes.
-- only: postgres
alter table registry_versions alter column place type text collate "C";
create index registry_versions_place on registry_versions (place) where deleted_ms is null;
