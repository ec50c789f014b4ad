/**
 * Benchmarks, each with the limit that the machine itself sets, measured in the same run.
 */
package io.plimsoll.bench;
