/**
 * The deterministic core: the state of a cluster, the policies that decide over it, and the language of commands and
 * events. It has no clock, no threads and no I/O; time, identity and randomness arrive inside commands, so that the
 * same commands in the same order give the same events on any machine.
 */
package io.plimsoll.core;
