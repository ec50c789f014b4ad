/** For those who write plugins of their own: what holds them to what the agent expects. */
package io.plimsoll.agent.testkit;
