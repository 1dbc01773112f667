"""The checks of catalogs, as `docs/orthography.md` defines them: `entries` for messages, `files` for files, `fix` to mend."""
