"""The paper enclave."""
