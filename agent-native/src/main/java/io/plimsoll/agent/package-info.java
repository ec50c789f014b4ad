/**
 * The agent of a worker node: starts kernels through a runtime, keeps them on the cores and memory they were given, and
 * reports what became of them until the manager has acknowledged it.
 */
package io.plimsoll.agent;
