/**
 * What readers see: sessions, agents and events as far as they are journalled and released. One thread writes, any
 * thread reads, and no reader can stop the writer for longer than it takes to copy one session.
 */
package io.plimsoll.manager.view;
