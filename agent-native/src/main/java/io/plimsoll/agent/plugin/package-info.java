/**
 * Runtimes of users' own: what they implement, and what they are given. Start reading at
 * {@link io.plimsoll.agent.plugin.RuntimePlugin}.
 */
package io.plimsoll.agent.plugin;
