package io.plimsoll.ops.cli;

/** Where client commands below a command find what they ask. */
interface ApiSource
{
    /** To be closed by whoever asked. */
    Api connect();
}
