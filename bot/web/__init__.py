"""The workbench: a Gradio page in Chinese. The only package that imports gradio."""
