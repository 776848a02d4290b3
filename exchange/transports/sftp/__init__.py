"""Folders on SFTP servers as endpoints; the only door of paramiko and stamina."""
