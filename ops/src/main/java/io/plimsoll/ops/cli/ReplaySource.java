package io.plimsoll.ops.cli;

import io.plimsoll.manager.replay.ReplayedCluster;
import java.nio.file.Path;

/** Where commands find the journal that they look into on their own. */
interface ReplaySource
{
    /** The journal before its first record, whatever else is open on it; to be closed by whoever asked. */
    ReplayedCluster openAnew();

    /** Where the journal is, for whoever reads it by other means. */
    Path directory();
}
