//! What a test is made of: devices, events, waits, assertions, actions and the state graph.
