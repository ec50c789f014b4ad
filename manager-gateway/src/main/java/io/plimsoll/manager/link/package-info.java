/**
 * The manager's side of its agents: handshakes, what is sent to them, what they report, whether they live, and their
 * logs. Start reading at {@link io.plimsoll.manager.link.AgentLinks}.
 */
package io.plimsoll.manager.link;
