/** What the agent knows of a kernel: its name, its assignment, its end, and where that is kept. */
package io.plimsoll.agent.kernel;
