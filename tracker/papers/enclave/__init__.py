"""The paper of one enclave."""
