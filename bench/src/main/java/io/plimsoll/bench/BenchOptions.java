package io.plimsoll.bench;

import java.nio.file.Path;

/**
 * How a benchmark is run and shown; immutable.
 *
 * @param json  one JSON object instead of a table.
 * @param quick a glance instead of figures to rely on.
 * @param plot  file that the cost of decisions is drawn to, or null; for {@code core} only.
 */
public record BenchOptions(boolean json, boolean quick, Path plot)
{
}
