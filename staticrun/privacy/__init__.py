"""What must not go out: secrets and addresses of people in what a site is made from.

`scan` finds them with their file and line; what a person has looked at and lets through stands in
`privacy.accepted` of staticrun.yaml, with a reason.
"""

from staticrun.privacy.scan import refuse, scan

__all__ = ["refuse", "scan"]
