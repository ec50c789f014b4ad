/**
 * The command line. {@code CommandRunner} runs one command, {@code Commands} lists them, {@code Api} is the way to the
 * manager. What client commands load is kept small on purpose: no logging, no Netty, no data binding.
 */
package io.plimsoll.ops.cli;
