/* SPDX-License-Identifier: BSD-2-Clause */
/* A program that needs no other file to start. */

int main(void)
{
	return 42;
}
