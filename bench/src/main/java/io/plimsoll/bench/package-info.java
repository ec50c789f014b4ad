/**
 * What the scheduler does in a second, with the limit of the machine measured beside it in the same run. Start reading
 * at {@link io.plimsoll.bench.Bench}.
 */
package io.plimsoll.bench;
