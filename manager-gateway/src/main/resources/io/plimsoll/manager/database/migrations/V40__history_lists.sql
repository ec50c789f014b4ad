-- Lists of what has ended that are sorted by priority, the highest first, or of one name, array or domain: without these
-- each page looks at all that is kept. Each index makes writing slower, so there are none for what is asked for rarely.
create index history_sessions_priority on history_sessions ((-priority), id) where ended_ns > 0;
create index history_sessions_name on history_sessions (name, id) where ended_ns > 0;
create index history_sessions_domain on history_sessions (domain_id, id) where ended_ns > 0;
create index history_sessions_array on history_sessions (array_id, id) where array_id > 0;
