@simulated @subsystems
Feature: The telescope and its devices, in the words of telescope teams
  Run it with `harness run --preset low`. What a line switches or sets is put back after the scenario.

  Scenario: A telescope is started up
    Given a Telescope made up of TMC, simulated MCCS, simulated SDP and simulated CSP
    And the telescope is in OFF or STANDBY state
    When I start up the telescope
    Then the CSP must change to ON state
    And the mccs, sdp and csp must be on
    And telescope state is ON

  Scenario: The telescope is as well as its devices
    Given the telescope is in ON state
    And the telescope is in health state OK
    When the health state of the MCCS controller, SDP controller becomes FAILED, OK
    Then the health state of the telescope is FAILED

  Scenario: Delays come while a subarray is configured
    Given subarray is configured and generates delay models
    When the command End is sent to subarray 1
    Then the CSP subarray leaf node ceases to publish delay models

  Scenario: A device says in its log which transaction a command belongs to
    Given TMC subarray 1 in obsState EMPTY
    When the command AssignResources is sent to subarray 1
    Then the log must show a transaction ID

  Scenario: A part of a subsystem can not be used
    Given subarray 1 is in obsState EMPTY
    When one of the SDP's parts is marked unavailable
    And the command AssignResources is sent to subarray 1
    Then the command completes with FAILED
    And subarray 1 remains in obsState RESOURCING

  Scenario: What commands take and give
    Given a CSP subarray
    Then the argument type of Configure must be DevString
    And adminMode should be ONLINE
