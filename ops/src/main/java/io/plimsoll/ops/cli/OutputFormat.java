package io.plimsoll.ops.cli;

/** How a command shows its result. */
enum OutputFormat
{
    /** For people. */
    table,
    /** For programs: names as in the API. */
    json,
    /** For Graphviz; only a graph has this form. */
    dot,
    /** For spreadsheets; only usage has this form. */
    csv
}
