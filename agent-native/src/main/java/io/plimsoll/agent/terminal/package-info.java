/** Commands beside a kernel's own, with a pseudo-terminal or without: what runtimes make and the agent serves. */
package io.plimsoll.agent.terminal;
