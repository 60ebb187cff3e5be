"""What tests share: projects to build, the edition's outputs, a browser, readers of outputs."""
