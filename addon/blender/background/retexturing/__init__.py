"""New pictures on the mesh that was sent, where the service returned another one."""
