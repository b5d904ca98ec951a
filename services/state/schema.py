"""The schema, as the steps that lead to it. A step that has been shipped is never edited: the next one mends it."""

# AUTOINCREMENT in the dirty tables: a number is never given twice, so `clear(up_to)` cannot reach a mark made after `take`.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE dirty_hours (
            id INTEGER PRIMARY KEY AUTOINCREMENT, point TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL)""",
        "CREATE INDEX dirty_hours_of_point ON dirty_hours (point, start, end, id)",
        "CREATE TABLE dirty_days (id INTEGER PRIMARY KEY AUTOINCREMENT, building TEXT NOT NULL, day TEXT NOT NULL)",
        "CREATE INDEX dirty_days_of_building ON dirty_days (building, day, id)",
        """CREATE TABLE dead_letters (
            id INTEGER PRIMARY KEY, position TEXT NOT NULL, reason TEXT NOT NULL, topic TEXT NOT NULL, family TEXT NOT NULL,
            device TEXT NOT NULL, payload BLOB NOT NULL, received INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'open',
            UNIQUE (position, reason))""",
        "CREATE INDEX dead_letters_by_time ON dead_letters (state, received)",
        """CREATE TABLE unknown_devices (
            family TEXT NOT NULL, device TEXT NOT NULL, quantity TEXT NOT NULL, channel TEXT NOT NULL, unit TEXT,
            accumulation TEXT NOT NULL, topic TEXT NOT NULL, value REAL NOT NULL, position TEXT NOT NULL,
            first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (family, device, quantity, channel)) WITHOUT ROWID""",
        """CREATE TABLE runs (
            id INTEGER PRIMARY KEY, job TEXT NOT NULL, task TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER,
            outcome TEXT NOT NULL, rows INTEGER NOT NULL, error TEXT NOT NULL)""",
        "CREATE INDEX runs_of_job ON runs (job, started)",
        "CREATE TABLE ticks (job TEXT PRIMARY KEY, at INTEGER NOT NULL, pending INTEGER NOT NULL) WITHOUT ROWID",
        """CREATE TABLE findings (
            point TEXT NOT NULL, code TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
            sentence_sv TEXT NOT NULL, sentence_en TEXT NOT NULL, evidence BLOB NOT NULL,
            PRIMARY KEY (point, code, start, end)) WITHOUT ROWID""",
        """CREATE TABLE message_counts (
            meter TEXT NOT NULL, day TEXT NOT NULL, received INTEGER NOT NULL, stored INTEGER NOT NULL, flagged INTEGER NOT NULL,
            PRIMARY KEY (meter, day)) WITHOUT ROWID""",
        "CREATE TABLE imported_files (fingerprint TEXT PRIMARY KEY, received INTEGER NOT NULL) WITHOUT ROWID",
        """CREATE TABLE watermarks (
            kind TEXT NOT NULL, subject TEXT NOT NULL, mark TEXT NOT NULL, PRIMARY KEY (kind, subject)) WITHOUT ROWID""",
    ),
    (
        "ALTER TABLE dirty_days ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
        """CREATE TABLE dirty_groups (
            id INTEGER PRIMARY KEY AUTOINCREMENT, subject_kind TEXT NOT NULL, subject TEXT NOT NULL, period TEXT NOT NULL,
            start INTEGER NOT NULL, end INTEGER NOT NULL)""",
        """CREATE TABLE figure_history (
            indicator TEXT NOT NULL, carrier TEXT NOT NULL, subject_kind TEXT NOT NULL, subject TEXT NOT NULL,
            period TEXT NOT NULL, filed INTEGER NOT NULL, calculated INTEGER NOT NULL, replaced INTEGER NOT NULL,
            fields BLOB NOT NULL,
            PRIMARY KEY (subject_kind, subject, period, filed, indicator, carrier, calculated)) WITHOUT ROWID""",
        """CREATE TABLE figure_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, indicator TEXT NOT NULL, carrier TEXT NOT NULL,
            subject_kind TEXT NOT NULL, subject TEXT NOT NULL, period TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
            old REAL, new REAL, cause TEXT NOT NULL, sentence_sv TEXT NOT NULL, sentence_en TEXT NOT NULL)""",
        "CREATE INDEX figure_changes_by_time ON figure_changes (at)",
    ),
    (
        """CREATE TABLE exchange_ledger (
            id INTEGER PRIMARY KEY AUTOINCREMENT, point TEXT NOT NULL, at INTEGER NOT NULL, code TEXT NOT NULL,
            sentence_sv TEXT NOT NULL, sentence_en TEXT NOT NULL, evidence BLOB NOT NULL, detected_at INTEGER NOT NULL,
            status TEXT NOT NULL DEFAULT 'open', decided_by TEXT, decided_at INTEGER, old_register REAL, new_register REAL,
            note TEXT NOT NULL DEFAULT '')""",
        "CREATE INDEX exchange_ledger_of_point ON exchange_ledger (point, at)",
        """CREATE TABLE exchange_decisions (
            id INTEGER PRIMARY KEY AUTOINCREMENT, entry INTEGER NOT NULL, status TEXT NOT NULL, decided_by TEXT NOT NULL,
            decided_at INTEGER NOT NULL, old_register REAL, new_register REAL, note TEXT NOT NULL,
            followed INTEGER NOT NULL DEFAULT 0)""",
        "CREATE INDEX exchange_decisions_of_entry ON exchange_decisions (entry, decided_at)",
    ),
    (
        "CREATE TABLE weather_looks (quantity TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
        """CREATE TABLE weather_findings (
            quantity TEXT NOT NULL, station TEXT NOT NULL, code TEXT NOT NULL, since INTEGER NOT NULL,
            sentence_sv TEXT NOT NULL, sentence_en TEXT NOT NULL, PRIMARY KEY (quantity, station, code)) WITHOUT ROWID""",
        """CREATE TABLE licensed_degree_days (
            product TEXT NOT NULL, place TEXT NOT NULL, base_temperature_c REAL NOT NULL, normal_period TEXT NOT NULL,
            month TEXT NOT NULL, degree_days REAL NOT NULL, normal REAL, imported INTEGER NOT NULL,
            PRIMARY KEY (product, place, base_temperature_c, normal_period, month)) WITHOUT ROWID""",
    ),
    (
        """CREATE TABLE settled_spots (
            point TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, lasts INTEGER NOT NULL,
            PRIMARY KEY (point, start, end, lasts)) WITHOUT ROWID""",
    ),
    (
        # Nothing is overwritten: of two versions of a value the one entered last counts, and the other can still be asked for.
        """CREATE TABLE goal_values (
            goal TEXT NOT NULL, end TEXT NOT NULL, entered INTEGER NOT NULL, value REAL NOT NULL, unit TEXT NOT NULL,
            uncertainty REAL NOT NULL, coverage REAL NOT NULL, mark TEXT NOT NULL, source TEXT NOT NULL,
            PRIMARY KEY (goal, end, entered)) WITHOUT ROWID""",
    ),
    (
        """CREATE TABLE deviation_threads (
            id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, kind TEXT NOT NULL, subject_kind TEXT NOT NULL,
            subject TEXT NOT NULL, building TEXT NOT NULL, carrier TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL,
            detected TEXT NOT NULL, going_on INTEGER NOT NULL, fields BLOB NOT NULL, found INTEGER NOT NULL, opened INTEGER,
            closed INTEGER, muted_until TEXT, mute_reason TEXT NOT NULL DEFAULT '', action_day TEXT, saving BLOB)""",
        "CREATE INDEX deviation_threads_of_key ON deviation_threads (kind, subject, carrier)",
        "CREATE INDEX deviation_threads_of_building ON deviation_threads (building, state)",
        """CREATE TABLE deviation_events (
            id INTEGER PRIMARY KEY AUTOINCREMENT, thread INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
            who TEXT NOT NULL, text TEXT NOT NULL, day TEXT)""",
        "CREATE INDEX deviation_events_of_thread ON deviation_events (thread, id)",
        """CREATE TABLE deviation_days (
            name TEXT NOT NULL, building TEXT NOT NULL, item TEXT NOT NULL, day TEXT NOT NULL, fields BLOB NOT NULL,
            PRIMARY KEY (name, building, day, item)) WITHOUT ROWID""",
        "CREATE TABLE deviation_marks (id INTEGER PRIMARY KEY AUTOINCREMENT, building TEXT NOT NULL, day TEXT NOT NULL)",
        "CREATE INDEX deviation_marks_of_building ON deviation_marks (building, day, id)",
        # The same marks for a second reader: the figures clear theirs when they are done, deviations these.
        """CREATE TRIGGER deviation_marks_of_dirty_days AFTER INSERT ON dirty_days BEGIN
            DELETE FROM deviation_marks WHERE building = NEW.building AND day = NEW.day;
            INSERT INTO deviation_marks (building, day) VALUES (NEW.building, NEW.day); END""",
    ),
    (
        # What each building's figures were calculated by. Forms are kept once, however many buildings they stand behind.
        "CREATE TABLE configuration_forms (digest TEXT PRIMARY KEY, form TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE calculated_by (
            building TEXT NOT NULL, kind TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (building, kind)) WITHOUT ROWID""",
        """CREATE TABLE restatements (
            id INTEGER PRIMARY KEY AUTOINCREMENT, building TEXT NOT NULL, mark INTEGER NOT NULL, cause TEXT NOT NULL,
            carrier TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL, sentence_sv TEXT NOT NULL,
            sentence_en TEXT NOT NULL)""",
        "CREATE INDEX restatements_of_building ON restatements (building, mark)",
        # The words go with the days that they were said of, whoever clears these.
        """CREATE TRIGGER restatements_of_cleared_days AFTER DELETE ON dirty_days BEGIN
            DELETE FROM restatements WHERE building = OLD.building AND mark = OLD.id; END""",
    ),
    (
        # Of what a browser holds only the SHA-256 lies here.
        """CREATE TABLE sessions (
            digest TEXT PRIMARY KEY, account TEXT NOT NULL, mark TEXT NOT NULL, claims BLOB NOT NULL, begun INTEGER NOT NULL,
            seen INTEGER NOT NULL) WITHOUT ROWID""",
        "CREATE INDEX sessions_of_account ON sessions (account)",
        """CREATE TABLE sign_in_flows (
            state TEXT PRIMARY KEY, browser TEXT NOT NULL, nonce TEXT NOT NULL, verifier TEXT NOT NULL, target TEXT NOT NULL,
            begun INTEGER NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE sign_in_attempts (
            key TEXT PRIMARY KEY, attempts INTEGER NOT NULL, last INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, address TEXT NOT NULL,
            act TEXT NOT NULL, subject TEXT NOT NULL, before BLOB NOT NULL, after BLOB NOT NULL)""",
        "CREATE TABLE audit_horizon (at INTEGER NOT NULL)",
        "INSERT INTO audit_horizon (at) VALUES (0)",
        """CREATE TRIGGER audit_is_not_altered BEFORE UPDATE ON audit BEGIN
            SELECT RAISE(ABORT, 'the log of changes is append-only'); END""",
        # INSERT OR REPLACE deletes without the trigger of deletes
        """CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) BEGIN
            SELECT RAISE(ABORT, 'the log of changes is append-only'); END""",
        """CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit WHEN OLD.at >= (SELECT MAX(at) FROM audit_horizon) BEGIN
            SELECT RAISE(ABORT, 'the log of changes is append-only'); END""",
        """CREATE TRIGGER audit_horizon_moves_on BEFORE UPDATE ON audit_horizon WHEN NEW.at < OLD.at BEGIN
            SELECT RAISE(ABORT, 'the horizon of the log of changes moves on only'); END""",
    ),
    (
        "ALTER TABLE message_counts ADD COLUMN heard INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX message_counts_by_day ON message_counts (day, meter)",
    ),
    (
        # fields as text: its end is put into them by SQLite's json_set
        """CREATE TABLE alerts (
            id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, source TEXT NOT NULL, seen INTEGER NOT NULL, begun INTEGER,
            calm INTEGER, ended INTEGER, acknowledged INTEGER, acknowledged_by TEXT NOT NULL DEFAULT '', fields TEXT NOT NULL)""",
        "CREATE UNIQUE INDEX alerts_that_hold ON alerts (key) WHERE ended IS NULL",
        "CREATE INDEX alerts_of_key ON alerts (key)",
        """CREATE TABLE alert_messages (
            id TEXT PRIMARY KEY, receiver TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'pending', written INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0, next_attempt INTEGER NOT NULL, retried INTEGER, ended INTEGER,
            error TEXT NOT NULL DEFAULT '', urgent INTEGER NOT NULL, content BLOB NOT NULL)""",
        "CREATE INDEX alert_messages_of_receiver ON alert_messages (receiver, state, next_attempt)",
        """CREATE TABLE alert_deliveries (
            id INTEGER PRIMARY KEY AUTOINCREMENT, alert INTEGER NOT NULL, receiver TEXT NOT NULL, part TEXT NOT NULL,
            made INTEGER NOT NULL, message TEXT, UNIQUE (alert, receiver, part))""",
        "CREATE INDEX alert_deliveries_of_receiver ON alert_deliveries (receiver, message)",
    ),
    ("ALTER TABLE dead_letters ADD COLUMN kind TEXT NOT NULL DEFAULT ''",),
    ("ALTER TABLE alerts ADD COLUMN note TEXT NOT NULL DEFAULT ''",),
    (
        # A number is a report's from the moment it is given. Published reports are kept: the file itself refuses to lose one.
        """CREATE TABLE report_numbers (
            year INTEGER NOT NULL, place INTEGER NOT NULL, kind TEXT NOT NULL, subject_kind TEXT NOT NULL, subject TEXT NOT NULL,
            period TEXT NOT NULL, zone TEXT NOT NULL, variant TEXT NOT NULL, PRIMARY KEY (year, place),
            UNIQUE (kind, subject_kind, subject, period, zone, variant)) WITHOUT ROWID""",
        """CREATE TABLE published_reports (
            number TEXT NOT NULL, edition INTEGER NOT NULL, kind TEXT NOT NULL, subject_kind TEXT NOT NULL, subject TEXT NOT NULL,
            period TEXT NOT NULL, zone TEXT NOT NULL, variant TEXT NOT NULL, year INTEGER NOT NULL, start INTEGER NOT NULL,
            published INTEGER NOT NULL, known INTEGER NOT NULL, title_sv TEXT NOT NULL, title_en TEXT NOT NULL,
            subject_sv TEXT NOT NULL, subject_en TEXT NOT NULL, variant_en TEXT NOT NULL, sort_order TEXT NOT NULL,
            words TEXT NOT NULL, PRIMARY KEY (number, edition)) WITHOUT ROWID""",
        """CREATE INDEX published_reports_of_key
            ON published_reports (kind, subject_kind, subject, period, zone, variant, edition)""",
        """CREATE TABLE published_files (
            number TEXT NOT NULL, edition INTEGER NOT NULL, language TEXT NOT NULL, suffix TEXT NOT NULL,
            media_type TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL,
            PRIMARY KEY (number, edition, language, suffix)) WITHOUT ROWID""",
        """CREATE TABLE unfinished_editions (
            number TEXT NOT NULL, edition INTEGER NOT NULL, PRIMARY KEY (number, edition)) WITHOUT ROWID""",
        *(
            f"""CREATE TRIGGER {table}_are_not_{done} BEFORE {act} ON {table} BEGIN
                SELECT RAISE(ABORT, 'published reports are kept as they are'); END"""
            for table in ("published_reports", "published_files", "report_numbers")
            for act, done in (("UPDATE", "altered"), ("DELETE", "deleted"))
        ),
        "CREATE INDEX figure_changes_of_figure ON figure_changes (subject, indicator, start)",
        "ALTER TABLE figure_changes ADD COLUMN why_sv TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE figure_changes ADD COLUMN why_en TEXT NOT NULL DEFAULT ''",
    ),
    (
        # A mailbox gets an edition once: the key forbids a second mail of it. Addresses are ASCII, whatever their case.
        """CREATE TABLE report_mails (
            id TEXT PRIMARY KEY, number TEXT NOT NULL, edition INTEGER NOT NULL, recipient TEXT NOT NULL COLLATE NOCASE,
            language TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'queued', written INTEGER NOT NULL, changed INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0, next_attempt INTEGER NOT NULL, since INTEGER NOT NULL,
            error_sv TEXT NOT NULL DEFAULT '', error_en TEXT NOT NULL DEFAULT '', content TEXT NOT NULL,
            UNIQUE (number, edition, recipient))""",
        "CREATE INDEX report_mails_by_state ON report_mails (state, next_attempt)",
        "CREATE TABLE report_mail_contents (id TEXT PRIMARY KEY, content BLOB NOT NULL)",
        "CREATE TABLE report_plans (plan TEXT PRIMARY KEY, known INTEGER NOT NULL) WITHOUT ROWID",
        """CREATE TABLE report_turns (
            plan TEXT NOT NULL, subject_kind TEXT NOT NULL, subject TEXT NOT NULL, period TEXT NOT NULL, since INTEGER NOT NULL,
            looked INTEGER NOT NULL, reason_sv TEXT NOT NULL DEFAULT '', reason_en TEXT NOT NULL DEFAULT '',
            number TEXT NOT NULL DEFAULT '', edition INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (plan, subject_kind, subject, period)) WITHOUT ROWID""",
    ),
)
