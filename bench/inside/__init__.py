"""What is measured inside a process of the portal: modules that import models, so Django is set up first."""
