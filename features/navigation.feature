Feature: A subarray can be brought from any obsState to any other
  The way is planned over the graph of transitions, whatever state the subarray is found in.

  Scenario Outline: From <from> to <to>
    Given subarray 1 is in obsState <from>
    When I bring subarray 1 to obsState <to>
    Then subarray 1 is in obsState <to>

    Examples: from EMPTY
      | from       | to          |
      | EMPTY      | EMPTY       |
      | EMPTY      | RESOURCING  |
      | EMPTY      | IDLE        |
      | EMPTY      | CONFIGURING |
      | EMPTY      | READY       |
      | EMPTY      | SCANNING    |
      | EMPTY      | ABORTING    |
      | EMPTY      | ABORTED     |
      | EMPTY      | RESETTING   |
      | EMPTY      | RESTARTING  |

    Examples: from RESOURCING
      | from       | to          |
      | RESOURCING | EMPTY       |
      | RESOURCING | RESOURCING  |
      | RESOURCING | IDLE        |
      | RESOURCING | CONFIGURING |
      | RESOURCING | READY       |
      | RESOURCING | SCANNING    |
      | RESOURCING | ABORTING    |
      | RESOURCING | ABORTED     |
      | RESOURCING | RESETTING   |
      | RESOURCING | RESTARTING  |

    Examples: from IDLE
      | from       | to          |
      | IDLE       | EMPTY       |
      | IDLE       | RESOURCING  |
      | IDLE       | IDLE        |
      | IDLE       | CONFIGURING |
      | IDLE       | READY       |
      | IDLE       | SCANNING    |
      | IDLE       | ABORTING    |
      | IDLE       | ABORTED     |
      | IDLE       | RESETTING   |
      | IDLE       | RESTARTING  |

    Examples: from CONFIGURING
      | from       | to          |
      | CONFIGURING | EMPTY       |
      | CONFIGURING | RESOURCING  |
      | CONFIGURING | IDLE        |
      | CONFIGURING | CONFIGURING |
      | CONFIGURING | READY       |
      | CONFIGURING | SCANNING    |
      | CONFIGURING | ABORTING    |
      | CONFIGURING | ABORTED     |
      | CONFIGURING | RESETTING   |
      | CONFIGURING | RESTARTING  |

    Examples: from READY
      | from       | to          |
      | READY      | EMPTY       |
      | READY      | RESOURCING  |
      | READY      | IDLE        |
      | READY      | CONFIGURING |
      | READY      | READY       |
      | READY      | SCANNING    |
      | READY      | ABORTING    |
      | READY      | ABORTED     |
      | READY      | RESETTING   |
      | READY      | RESTARTING  |

    Examples: from SCANNING
      | from       | to          |
      | SCANNING   | EMPTY       |
      | SCANNING   | RESOURCING  |
      | SCANNING   | IDLE        |
      | SCANNING   | CONFIGURING |
      | SCANNING   | READY       |
      | SCANNING   | SCANNING    |
      | SCANNING   | ABORTING    |
      | SCANNING   | ABORTED     |
      | SCANNING   | RESETTING   |
      | SCANNING   | RESTARTING  |

    Examples: from ABORTING
      | from       | to          |
      | ABORTING   | EMPTY       |
      | ABORTING   | RESOURCING  |
      | ABORTING   | IDLE        |
      | ABORTING   | CONFIGURING |
      | ABORTING   | READY       |
      | ABORTING   | SCANNING    |
      | ABORTING   | ABORTING    |
      | ABORTING   | ABORTED     |
      | ABORTING   | RESETTING   |
      | ABORTING   | RESTARTING  |

    Examples: from ABORTED
      | from       | to          |
      | ABORTED    | EMPTY       |
      | ABORTED    | RESOURCING  |
      | ABORTED    | IDLE        |
      | ABORTED    | CONFIGURING |
      | ABORTED    | READY       |
      | ABORTED    | SCANNING    |
      | ABORTED    | ABORTING    |
      | ABORTED    | ABORTED     |
      | ABORTED    | RESETTING   |
      | ABORTED    | RESTARTING  |

    Examples: from RESETTING
      | from       | to          |
      | RESETTING  | EMPTY       |
      | RESETTING  | RESOURCING  |
      | RESETTING  | IDLE        |
      | RESETTING  | CONFIGURING |
      | RESETTING  | READY       |
      | RESETTING  | SCANNING    |
      | RESETTING  | ABORTING    |
      | RESETTING  | ABORTED     |
      | RESETTING  | RESETTING   |
      | RESETTING  | RESTARTING  |

    Examples: from RESTARTING
      | from       | to          |
      | RESTARTING | EMPTY       |
      | RESTARTING | RESOURCING  |
      | RESTARTING | IDLE        |
      | RESTARTING | CONFIGURING |
      | RESTARTING | READY       |
      | RESTARTING | SCANNING    |
      | RESTARTING | ABORTING    |
      | RESTARTING | ABORTED     |
      | RESTARTING | RESETTING   |
      | RESTARTING | RESTARTING  |

  @faults
  Scenario Outline: From FAULT to <to>
    Given subarray 1 is in obsState EMPTY
    And subarray 1 will get stuck in FAULT the next time it is sent AssignResources
    When the command AssignResources is sent to subarray 1
    Then subarray 1 is in obsState FAULT
    When I bring subarray 1 to obsState <to>
    Then subarray 1 is in obsState <to>

    Examples:
      | to          |
      | EMPTY       |
      | RESOURCING  |
      | IDLE        |
      | CONFIGURING |
      | READY       |
      | SCANNING    |
      | ABORTING    |
      | ABORTED     |
      | RESETTING   |
      | RESTARTING  |
